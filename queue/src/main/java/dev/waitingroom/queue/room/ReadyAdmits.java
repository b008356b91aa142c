package dev.waitingroom.queue.room;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** Admits that are held for a token, by ticket. A token is promised to each of them. Use it on the room's thread only. */
final class ReadyAdmits {
    private static final int BATCH_LOWEST = 128;
    private static final int BATCH_NEW = 128;

    private final RoomContext context;
    private final EntryPromises promises;
    private final TreeMap<Long, HeldAdmit> admits = new TreeMap<>();

    ReadyAdmits(RoomContext context, EntryPromises promises) {
        this.context = context;
        this.promises = promises;
    }

    int size() {
        return admits.size();
    }

    Optional<HeldAdmit> of(long ticket) {
        return Optional.ofNullable(admits.get(ticket));
    }

    /** All of them now, the lowest ticket first. */
    List<HeldAdmit> all() {
        return List.copyOf(admits.values());
    }

    void add(HeldAdmit held) {
        admits.put(held.number(), held);
        promises.hold(held.number(), context.nanoTime());
    }

    /** @param over whether the ticket is admitted or gone */
    void remove(HeldAdmit held, boolean over) {
        if (admits.remove(held.number()) != null) {
            promises.answered(held.number(), over, context.nanoTime());
        }
    }

    /** Drops all of them, together with the room. */
    void clear() {
        admits.clear();
    }

    /**
     * The lowest admits that Redis was not asked about.
     *
     * @param due whether to add the lowest of those that it was asked about: a token is due
     */
    List<HeldAdmit> next(boolean due) {
        List<HeldAdmit> batch = new ArrayList<>();
        int unasked = 0;
        int lowest = 0;
        long now = context.nanoTime();
        for (HeldAdmit held : admits.values()) {
            if (now - held.notBeforeNanos < 0) {
                continue;
            }
            if (!held.asked && unasked < BATCH_NEW) {
                unasked++;
                batch.add(held);
            } else if (due && lowest < BATCH_LOWEST) {
                lowest++;
                batch.add(held);
            }
            if (unasked == BATCH_NEW && (lowest == BATCH_LOWEST || !due)) {
                break;
            }
        }
        return batch;
    }
}
