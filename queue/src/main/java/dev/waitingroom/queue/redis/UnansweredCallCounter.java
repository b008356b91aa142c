package dev.waitingroom.queue.redis;

import io.lettuce.core.cluster.SlotHash;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Calls in a row that were not answered, by slot: of a Cluster one node may be silent, or not be found, while the others answer. One
 * server is one slot. Thread-safe.
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

    /** It did not; whether that makes so many in a row that its connection is to be given up. Counts anew then. */
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
