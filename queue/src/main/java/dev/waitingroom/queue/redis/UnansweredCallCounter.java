package dev.waitingroom.queue.redis;

import io.lettuce.core.cluster.SlotHash;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Counts consecutive unanswered calls by slot: one node of a Cluster may be silent, or missing, while the others answer. A single server
 * is one slot. Thread-safe.
 */
final class UnansweredCallCounter {
    static final int BROKEN = 3;

    private final boolean cluster;
    private final AtomicIntegerArray unanswered;

    UnansweredCallCounter(boolean cluster) {
        this.cluster = cluster;
        this.unanswered = new AtomicIntegerArray(cluster ? SlotHash.SLOT_COUNT : 1);
    }

    /** The key's server answered. */
    void answered(byte[] key) {
        int slot = slot(key);
        if (unanswered.getPlain(slot) != 0) {
            unanswered.set(slot, 0);
        }
    }

    /** A call was not answered. Returns whether the connection should be given up after that many in a row; then it counts anew. */
    boolean breaks(byte[] key) {
        int slot = slot(key);
        if (unanswered.incrementAndGet(slot) < BROKEN) {
            return false;
        }
        unanswered.set(slot, 0);
        return true;
    }

    private int slot(byte[] key) {
        return cluster ? SlotHash.getSlot(key) : 0;
    }
}
