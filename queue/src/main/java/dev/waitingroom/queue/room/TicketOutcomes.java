package dev.waitingroom.queue.room;

import dev.waitingroom.queue.line.LineLayout;
import dev.waitingroom.queue.line.TicketRange;
import dev.waitingroom.queue.store.Change;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;

/**
 * What became of tickets that are not in the line, as far as this process heard of it: bounded, the oldest forgotten first. Read by any
 * thread, written by the room's loop.
 */
final class TicketOutcomes {
    /** Tickets remembered; the reservations of 1,000 admissions a second for two minutes fit. */
    static final int CAPACITY = 131_072;

    /** What became of a ticket. */
    sealed interface Fate {
        /** @param atMillis Redis' clock, ms since 1970 */
        record Granted(long atMillis) implements Fate {}

        record Left() implements Fate {}

        /** Silent too long, or its turn ran out. */
        record Gone() implements Fate {}

        /** Called, silent for a while, and still good when Redis was asked. */
        record Asleep() implements Fate {}
    }

    private final ConcurrentHashMap<Long, Fate> fates = new ConcurrentHashMap<>();
    private final ArrayDeque<Long> order = new ArrayDeque<>();
    private final ConcurrentSkipListSet<Long> asleep = new ConcurrentSkipListSet<>();
    private int asleepCount;

    Optional<Fate> of(long ticket) {
        Fate fate = fates.get(ticket);
        return fate == null && asleep.contains(ticket) ? Optional.of(new Fate.Asleep()) : Optional.ofNullable(fate);
    }

    /** A ticket that was admitted stays so; anything else may be learnt anew. */
    void learn(long ticket, Fate fate) {
        Fate known = fates.get(ticket);
        if (known instanceof Fate.Granted) {
            return;
        }
        if (fate instanceof Fate.Asleep) {
            fates.remove(ticket);
            asleep(ticket);
            return;
        }
        wake(ticket);
        fates.put(ticket, fate);
        if (known == null) {
            order.add(ticket);
            if (order.size() > CAPACITY) {
                fates.remove(order.remove());
            }
        }
    }

    void learn(Change change) {
        switch (change) {
            case Change.Granted(long[] tickets, long[] at) -> {
                for (int i = 0; i < tickets.length; i++) {
                    learn(tickets[i], new Fate.Granted(at[i]));
                }
            }
            case Change.Left(long[] tickets) -> {
                for (long ticket : tickets) {
                    learn(ticket, new Fate.Left());
                }
            }
            case Change.Restored(long[] tickets) -> {
                for (long ticket : tickets) {
                    forget(ticket);
                }
            }
            case Change.Joined joined -> {}
        }
    }

    /** A ticket that waits after all. */
    void forget(long ticket) {
        fates.remove(ticket);
        wake(ticket);
    }

    /** The segment changed in Redis, where turns may have ended: of its tickets that were asleep it is to be asked again. */
    void forgetAsleep(long segment) {
        SortedSet<Long> among =
                asleep.subSet(segment * LineLayout.SEGMENT_TICKETS, (segment + 1) * LineLayout.SEGMENT_TICKETS);
        List.copyOf(among).forEach(this::wake);
    }

    private void asleep(long ticket) {
        if (asleep.add(ticket) && ++asleepCount > CAPACITY) {
            wake(asleep.first());
        }
    }

    private void wake(long ticket) {
        if (asleep.remove(ticket)) {
            asleepCount--;
        }
    }

    /** The tickets in these ranges that are known to have left, or to have been admitted before {@code untilMillis}, in no order. */
    long[] departedAmong(List<TicketRange> ranges, long untilMillis) {
        if (ranges.isEmpty()) {
            return new long[0];
        }
        return fates.entrySet().stream()
                .filter(e -> e.getValue() instanceof Fate.Left
                        || (e.getValue() instanceof Fate.Granted(long at) && at < untilMillis))
                .mapToLong(Map.Entry::getKey)
                .filter(ticket -> ranges.stream().anyMatch(range -> range.contains(ticket)))
                .toArray();
    }

    /** The tickets known as admitted since {@code sinceMillis}, with when: pairs, in no order. */
    long[][] grantedSince(long sinceMillis) {
        return fates.entrySet().stream()
                .filter(e -> e.getValue() instanceof Fate.Granted(long at) && at >= sinceMillis)
                .map(e -> new long[] {e.getKey(), ((Fate.Granted) e.getValue()).atMillis()})
                .toArray(long[][]::new);
    }
}
