package dev.waitingroom.chaos.site;

import static org.awaitility.Awaitility.await;

import dev.waitingroom.queue.FleetId;
import dev.waitingroom.queue.RoomId;
import dev.waitingroom.queue.control.FleetRoom;
import dev.waitingroom.queue.control.LineFigures;
import dev.waitingroom.queue.control.RedisUnavailableException;
import dev.waitingroom.queue.policy.Policy;
import dev.waitingroom.queue.redis.QueueRedis;
import dev.waitingroom.queue.redis.RedisSettings;
import java.time.Duration;

/** What the operator does to rooms in Redis. Thread-safe. */
public final class OperatorHand implements AutoCloseable {
    public static final FleetId FLEET = new FleetId("shop", "default");

    private final QueueRedis redis;

    public OperatorHand(RedisSettings settings) {
        redis = QueueRedis.connect(settings);
    }

    public QueueRedis redis() {
        return redis;
    }

    public static RoomId room(Policy policy) {
        return new RoomId("shop", policy.eventId());
    }

    /** What the operator does when a room is applied, or its policy is not in Redis as it should be; until it is done. */
    public void apply(Policy policy, boolean newRoom) {
        await().atMost(Duration.ofSeconds(20)).ignoreExceptions().until(() -> {
            applyOnce(policy, newRoom);
            return true;
        });
    }

    /** Tries it once. */
    public void applyOnce(Policy policy, boolean newRoom) throws RedisUnavailableException {
        redis.roomControl().apply(room(policy), policy, newRoom);
        redis.fleetControl().register(FLEET, new FleetRoom(policy.eventId(), room(policy), policy.incarnation()));
    }

    /** The epoch of the room's line, 0 where there is none; until Redis answers. */
    public long epoch(Policy policy) {
        return await().atMost(Duration.ofSeconds(20))
                .ignoreExceptions()
                .until(
                        () -> redis.roomControl()
                                .figures(room(policy))
                                .map(LineFigures::epoch)
                                .orElse(0L),
                        epoch -> true);
    }

    public void remove(Policy policy) throws RedisUnavailableException {
        redis.fleetControl().unregister(FLEET, policy.eventId(), room(policy));
        redis.roomControl().clear(room(policy));
    }

    @Override
    public void close() {
        redis.close();
    }
}
