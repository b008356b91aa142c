package dev.waitingroom.gateway.api;

import dev.waitingroom.queue.store.RedisFault;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Whether this process should get traffic. Once it has read its rooms it stays ready until it drains: while Redis is unreachable or a
 * room is new, it still serves rooms from memory. Thread-safe.
 */
public final class Health {
    private final BooleanSupplier roomsRead;
    private final Supplier<Optional<RedisFault>> redis;
    private volatile boolean started;
    private volatile boolean draining;

    /**
     * @param roomsRead whether every room on the gateway's list has been read once
     * @param redis why Redis is unusable although it answers
     */
    public Health(BooleanSupplier roomsRead, Supplier<Optional<RedisFault>> redis) {
        this.roomsRead = roomsRead;
        this.redis = redis;
    }

    /** The answer to a probe. */
    public enum Readiness {
        STARTING,
        READY,
        DRAINING
    }

    public Readiness readiness() {
        if (draining) {
            return Readiness.DRAINING;
        }
        if (!started && roomsRead.getAsBoolean()) {
            started = true;
        }
        return started ? Readiness.READY : Readiness.STARTING;
    }

    /** The detail for a probe while the process starts. It only names the fault of Redis, since anyone may ask. */
    public String starting() {
        String waits = "not all rooms have been read yet";
        return redis.get().map(fault -> waits + ": " + fault.reason()).orElse(waits);
    }

    public boolean draining() {
        return draining;
    }

    public void drain() {
        draining = true;
    }
}
