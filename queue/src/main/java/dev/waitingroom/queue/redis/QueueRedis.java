package dev.waitingroom.queue.redis;

import dev.waitingroom.queue.RoomId;
import dev.waitingroom.queue.store.QueueStore;

/** A {@link QueueStore} over a connection to Redis. */
public interface QueueRedis extends QueueStore {
    /**
     * Opens it. Redis need not be there yet: calls fail until it is, and it is looked for again within a second.
     *
     * @throws IllegalArgumentException where the settings cannot be understood
     */
    static QueueRedis connect(RedisSettings settings) {
        return new LettuceQueueRedis(new LettuceScriptClient(LettuceClientFactory.of(settings)), Scripts.SHIPPED);
    }

    /** What every key of the room begins with, for logs. */
    static String keyPrefix(RoomId room) {
        return Keys.roomPrefix(room);
    }
}
