package dev.waitingroom.operator.watch;

import dev.waitingroom.queue.FleetId;
import dev.waitingroom.queue.redis.QueueRedis;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** A fleet that is looked at, by one thread at a time, over one connection. */
final class WatchedFleet {
    final FleetId id;
    final AtomicBoolean busy = new AtomicBoolean();
    final Told<FleetObservation> told = new Told<>();
    volatile Optional<FleetObservation> observation = Optional.empty();
    private final QueueRedis redis;

    WatchedFleet(FleetId id, QueueRedis redis) {
        this.id = id;
        this.redis = redis;
    }

    QueueRedis redis() {
        return redis;
    }
}
