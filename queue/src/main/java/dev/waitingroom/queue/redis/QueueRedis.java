package dev.waitingroom.queue.redis;

import dev.waitingroom.queue.GatewayId;
import dev.waitingroom.queue.RoomId;
import dev.waitingroom.queue.control.GatewayControl;
import dev.waitingroom.queue.control.RoomControl;

/** A connection to Redis and what is done over it. Thread-safe; one for a process. */
public interface QueueRedis extends AutoCloseable {
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

    /** A room's scripts; cheap, may be kept. */
    RoomScripts scripts(RoomId room);

    /** A gateway, as its gateways see it. */
    GatewayScripts gateway(GatewayId gateway);

    RoomControl roomControl();

    GatewayControl gatewayControl();

    /** Ends the connection; calls under way fail. */
    @Override
    void close();
}
