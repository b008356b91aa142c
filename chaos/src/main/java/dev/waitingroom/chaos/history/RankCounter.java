package dev.waitingroom.chaos.history;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * Answers many questions at once: how many tickets of lower rank had reached some event by a time. It passes once over time with a Fenwick tree,
 * and costs O(n log n).
 */
final class RankCounter {
    private final long[] tickets;

    /** @param tickets all tickets, ascending: a ticket's index is its rank */
    RankCounter(long[] tickets) {
        this.tickets = tickets;
    }

    /** For each question: how many lives of a lower rank have this time before that of the question, or at it if {@code inclusive}. */
    int[] below(
            List<TicketTimeline> lives,
            ToLongFunction<TicketTimeline> time,
            int[] ranks,
            long[] at,
            boolean inclusive) {
        return below(lives, TicketTimeline::ticket, time, ranks, at, inclusive);
    }

    /** The same for anything that belongs to a ticket. */
    <T> int[] below(
            List<T> all, ToLongFunction<T> ticket, ToLongFunction<T> time, int[] ranks, long[] at, boolean inclusive) {
        List<T> ordered = all.stream().sorted(Comparator.comparingLong(time)).toList();
        Integer[] order = new Integer[at.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, Comparator.comparingLong(i -> at[i]));
        var tree = new Fenwick(tickets.length);
        int[] counts = new int[at.length];
        int next = 0;
        for (int i : order) {
            for (; next < ordered.size(); next++) {
                long when = time.applyAsLong(ordered.get(next));
                if (inclusive ? when > at[i] : when >= at[i]) {
                    break;
                }
                tree.add(rank(ticket.applyAsLong(ordered.get(next))), 1);
            }
            counts[i] = tree.below(ranks[i]);
        }
        return counts;
    }

    int rank(TicketTimeline life) {
        return rank(life.ticket());
    }

    int rank(long ticket) {
        return Arrays.binarySearch(tickets, ticket);
    }

    /** Above all ranks. */
    int top() {
        return tickets.length;
    }
}
