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
 * The outcomes of tickets that are not in the line, as far as this process knows them. Bounded: the oldest is forgotten first. Read by
 * any thread, written on the room's thread.
 */
final class TicketOutcomes {
    /** Tickets remembered. The reservations of 1,000 admissions a second for two minutes fit. */
    static final int CAPACITY = 131_072;

    /** The outcome of a ticket. */
    sealed interface Outcome {
        /** @param atMillis Redis' clock, ms since 1970 */
        record Granted(long atMillis) implements Outcome {}

        record Left() implements Outcome {}

        /** Admitted, and its session has ended. */
        record Ended() implements Outcome {}

        /** Silent too long, or its turn ran out. */
        record Gone() implements Outcome {}

        /** Called, then silent, and still valid when Redis was asked. */
        record Asleep() implements Outcome {}
    }

    private final ConcurrentHashMap<Long, Outcome> outcomes = new ConcurrentHashMap<>();
    private final ArrayDeque<Long> order = new ArrayDeque<>();
    private final ConcurrentSkipListSet<Long> asleep = new ConcurrentSkipListSet<>();
    private int asleepCount;

    Optional<Outcome> of(long ticket) {
        Outcome outcome = outcomes.get(ticket);
        return outcome == null && asleep.contains(ticket)
                ? Optional.of(new Outcome.Asleep())
                : Optional.ofNullable(outcome);
    }

    /** Whether the ticket was admitted, and its session has ended. Any thread. */
    boolean ended(long ticket) {
        return outcomes.get(ticket) instanceof Outcome.Ended;
    }

    /** Learns an outcome. An admitted ticket stays admitted until its session ends; all other outcomes may change. */
    void learn(long ticket, Outcome outcome) {
        Outcome known = outcomes.get(ticket);
        if (known instanceof Outcome.Ended
                || (known instanceof Outcome.Granted && !(outcome instanceof Outcome.Ended))) {
            return;
        }
        if (outcome instanceof Outcome.Asleep) {
            outcomes.remove(ticket);
            asleep(ticket);
            return;
        }
        wake(ticket);
        outcomes.put(ticket, outcome);
        if (known == null) {
            order.add(ticket);
            if (order.size() > CAPACITY) {
                outcomes.remove(order.remove());
            }
        }
    }

    void learn(Change change) {
        switch (change) {
            case Change.Granted(long[] tickets, long[] at) -> {
                for (int i = 0; i < tickets.length; i++) {
                    learn(tickets[i], new Outcome.Granted(at[i]));
                }
            }
            case Change.Left(long[] tickets) -> {
                for (long ticket : tickets) {
                    learn(ticket, new Outcome.Left());
                }
            }
            case Change.Restored(long[] tickets) -> {
                for (long ticket : tickets) {
                    forget(ticket);
                }
            }
            case Change.Sessions(long over, long[] tickets) -> {
                for (long ticket : over == 0 ? tickets : new long[0]) {
                    learn(ticket, new Outcome.Ended());
                }
            }
            case Change.Joined joined -> {}
        }
    }

    /** Forgets the outcome of a ticket that waits after all. */
    void forget(long ticket) {
        outcomes.remove(ticket);
        wake(ticket);
    }

    /**
     * Forgets which tickets of a segment were asleep. The segment changed in Redis, where turns may have ended, so Redis is asked again.
     */
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

    /** Tickets in these ranges that left, whose session ended, or that were admitted before {@code untilMillis}, in no order. */
    long[] departedAmong(List<TicketRange> ranges, long untilMillis) {
        if (ranges.isEmpty()) {
            return new long[0];
        }
        return outcomes.entrySet().stream()
                .filter(e -> e.getValue() instanceof Outcome.Left
                        || e.getValue() instanceof Outcome.Ended
                        || (e.getValue() instanceof Outcome.Granted(long at) && at < untilMillis))
                .mapToLong(Map.Entry::getKey)
                .filter(ticket -> ranges.stream().anyMatch(range -> range.contains(ticket)))
                .toArray();
    }

    /** Tickets admitted since {@code sinceMillis}, as pairs with the time (ms), in no order. */
    long[][] grantedSince(long sinceMillis) {
        return outcomes.entrySet().stream()
                .filter(e -> e.getValue() instanceof Outcome.Granted(long at) && at >= sinceMillis)
                .map(e -> new long[] {e.getKey(), ((Outcome.Granted) e.getValue()).atMillis()})
                .toArray(long[][]::new);
    }
}
