package dev.waitingroom.gateway.api;

import dev.waitingroom.queue.store.RedisFault;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Whether this process should get traffic. Once its rooms have been read it stays ready until it drains: while Redis is gone, or a room
 * is new, the others are still served from memory. Thread-safe.
 */
public final class Health {
    private final BooleanSupplier roomsRead;
    private final Supplier<Optional<RedisFault>> redis;
    private volatile boolean started;
    private volatile boolean draining;

    /**
     * @param roomsRead whether every room on the gateway's list has been read at least once
     * @param redis why Redis cannot be used though it answers
     */
    public Health(BooleanSupplier roomsRead, Supplier<Optional<RedisFault>> redis) {
        this.roomsRead = roomsRead;
        this.redis = redis;
    }

    /** What a probe is told. */
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

    /** What a probe of a gateway that is starting is told; no more of Redis than the name of its trouble, since anyone may ask. */
    public String starting() {
        String waits = "the rooms have not all been read yet";
        return redis.get().map(fault -> waits + ": " + fault.reason()).orElse(waits);
    }

    public boolean draining() {
        return draining;
    }

    public void drain() {
        draining = true;
    }
}
