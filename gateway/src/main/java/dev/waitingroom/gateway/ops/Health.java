package dev.waitingroom.gateway.ops;

import java.util.function.BooleanSupplier;

/**
 * Whether this process should get traffic. Once its rooms have been read it stays ready until it drains: while Redis is gone, or a room
 * is new, the others are still served from memory. Thread-safe.
 */
public final class Health {
    private final BooleanSupplier roomsRead;
    private volatile boolean started;
    private volatile boolean draining;

    /** @param roomsRead whether every room on the fleet's list has been read at least once */
    public Health(BooleanSupplier roomsRead) {
        this.roomsRead = roomsRead;
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

    public void drain() {
        draining = true;
    }
}
