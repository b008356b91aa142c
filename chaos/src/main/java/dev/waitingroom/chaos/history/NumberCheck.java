package dev.waitingroom.chaos.history;

import dev.waitingroom.chaos.history.Violation.Promise;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Promises 2 and 5, by the ticket numbers. Numbers are given out one after the other. So a number that no visitor was told was given to an
 * unanswered call, made between the joins of its neighbours. Each such number needs a call of its own: a batch that has its effect twice, or
 * after its callers were told 503, leaves numbers without a call. A visitor who joins after another was answered has a higher number.
 */
final class NumberCheck {
    /** Two numbers further apart may be of two epochs, which are 2^20 apart, less the numbers that a promoted replica lost. */
    private static final long EPOCH_GAP = 1L << 19;

    /** An unanswered call, which may have had its effect in this time. */
    private record Unknown(long from, long until) {}

    private NumberCheck() {}

    static List<Violation> judge(History history, List<TicketTimeline> lives, Promises promises) {
        List<TicketTimeline> given =
                lives.stream().filter(NumberCheck::joined).sorted(byNumber()).toList();
        List<Unknown> unknown = unknown(history, Promises.micros(promises.clockError()));
        var violations = new ArrayList<Violation>();
        long[] after = new long[given.size()]; // each number was given out after this, and before the next
        long[] before = new long[given.size()];
        for (int i = 0; i < given.size(); i++) {
            after[i] = i > 0 && follows(given, i)
                    ? Math.max(after[i - 1], given.get(i).joinSent())
                    : given.get(i).joinSent();
        }
        for (int i = given.size() - 1; i >= 0; i--) {
            before[i] = i + 1 < given.size() && follows(given, i + 1)
                    ? Math.min(before[i + 1], given.get(i).joinDone())
                    : given.get(i).joinDone();
        }
        var open = new PriorityQueue<>(Comparator.comparingLong(Unknown::until));
        int next = 0;
        for (int i = 1; i < given.size(); i++) {
            if (!follows(given, i)) {
                continue;
            }
            TicketTimeline low = given.get(i - 1);
            TicketTimeline high = given.get(i);
            if (after[i - 1] > before[i]) {
                violations.add(new Violation(
                        Promise.ORDER,
                        after[i - 1],
                        "tickets %d and %d: the visitor who joined later has the lower number"
                                .formatted(low.ticket(), high.ticket()),
                        List.of(low.ticket(), high.ticket())));
                continue;
            }
            for (; next < unknown.size() && unknown.get(next).from() <= before[i]; next++) {
                open.add(unknown.get(next));
            }
            long unexplained = 0;
            for (long number = low.ticket() + 1; number < high.ticket(); number++) {
                while (!open.isEmpty() && open.peek().until() < after[i - 1]) {
                    open.remove();
                }
                unexplained += open.poll() == null ? 1 : 0;
            }
            if (unexplained > 0) {
                violations.add(new Violation(
                        Promise.PLACE,
                        before[i],
                        "%d numbers between tickets %d and %d were given out, and no call can have asked for them"
                                .formatted(unexplained, low.ticket(), high.ticket()),
                        List.of(low.ticket(), high.ticket())));
            }
        }
        return violations;
    }

    private static boolean joined(TicketTimeline life) {
        return life.events().stream().anyMatch(event -> event.outcome() instanceof Outcome.Took);
    }

    private static Comparator<TicketTimeline> byNumber() {
        return Comparator.comparingLong(TicketTimeline::ticket);
    }

    /** Whether the ticket and the one before it are certainly of one epoch. */
    private static boolean follows(List<TicketTimeline> given, int i) {
        return given.get(i).ticket() - given.get(i - 1).ticket() < EPOCH_GAP;
    }

    /** In the order in which they were sent. After a 503 a call has no effect any more. Without an answer it may have its effect at any time. */
    private static List<Unknown> unknown(History history, long clockError) {
        return history.events().stream()
                .filter(event -> event.joins() && event.outcome().unknown())
                .map(event -> new Unknown(
                        event.span().from(),
                        event.outcome() instanceof Outcome.Unavailable
                                ? event.span().until() + clockError
                                : Span.OPEN))
                .toList();
    }
}
