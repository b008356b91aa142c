package dev.waitingroom.chaos.history;

import dev.waitingroom.chaos.history.Violation.Promise;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Promise 4: a position counts the visitors who waited ahead at some moment of the last 250 ms. Seen through one gateway it never grows.
 * {@link FreshCheck} judges the age of the snapshot.
 *
 * <p>A position was true at some moment of [as_of - 250 ms, answer]. The visitors ahead who certainly waited all this time are a lower bound. Those
 * who may have waited at some moment of it are an upper bound. Each bound is the difference of "begun until" and "ended before".
 * {@link RankCounter} counts these for all polls.
 */
final class PositionCheck {
    private static final long STALE = 250_000;

    private PositionCheck() {}

    static List<Violation> judge(History history, List<TicketTimeline> lives, Promises promises) {
        var violations = new ArrayList<Violation>();
        List<Event> polls = polls(history, promises);
        growing(polls, violations);
        bounds(polls, history, lives, promises, violations);
        return violations;
    }

    private record Seat(String gateway, long ticket) {}

    /** The answers that are judged. */
    private static List<Event> polls(History history, Promises promises) {
        return history.events().stream()
                .filter(event ->
                        event.outcome() instanceof Outcome.Waiting waiting && !promises.restoring(waiting.asOf()))
                .toList();
    }

    private static void growing(List<Event> judged, List<Violation> violations) {
        Map<Seat, List<Event>> seats = new HashMap<>();
        for (Event event : judged) {
            seats.computeIfAbsent(new Seat(event.gateway(), event.ticket()), ignored -> new ArrayList<>())
                    .add(event);
        }
        seats.forEach((seat, polls) -> {
            polls.sort(Comparator.comparingLong(event -> event.span().until()));
            long least = Long.MAX_VALUE;
            int answered = 0;
            for (Event poll : polls.stream()
                    .sorted(Comparator.comparingLong(event -> event.span().from()))
                    .toList()) {
                for (; polls.get(answered).span().until() < poll.span().from(); answered++) {
                    least = Math.min(least, position(polls.get(answered)));
                }
                if (position(poll) > least) {
                    violations.add(new Violation(
                            Promise.POSITION,
                            poll.span().until(),
                            "ticket %d fell back from %d to %d through %s"
                                    .formatted(seat.ticket(), least, position(poll), seat.gateway()),
                            List.of(seat.ticket())));
                }
            }
        });
    }

    private static long position(Event poll) {
        return ((Outcome.Waiting) poll.outcome()).position();
    }

    private static void bounds(
            List<Event> polls,
            History history,
            List<TicketTimeline> lives,
            Promises promises,
            List<Violation> violations) {
        long error = Promises.micros(promises.clockError());
        long[] tickets = lives.stream().mapToLong(TicketTimeline::ticket).toArray();
        int[] ranks = new int[polls.size()];
        long[] from = new long[polls.size()];
        long[] until = new long[polls.size()];
        for (int i = 0; i < polls.size(); i++) {
            Event poll = polls.get(i);
            long asOf = ((Outcome.Waiting) poll.outcome()).asOf();
            ranks[i] = Arrays.binarySearch(tickets, poll.ticket());
            from[i] = asOf - STALE - error;
            // A gateway knows its own joins and admissions before the next snapshot has them.
            until[i] = poll.span().until() + error;
        }
        List<TicketTimeline> lived = lives.stream()
                .filter(life -> life.joinDone() <= life.surelyAliveUntil())
                .toList();
        var counter = new RankCounter(tickets);
        int[] surelyBegun = counter.below(lived, TicketTimeline::joinDone, ranks, from, true);
        int[] surelyEnded = counter.below(lived, TicketTimeline::surelyAliveUntil, ranks, until, false);
        int[] maybeBegun = counter.below(lives, TicketTimeline::joinSent, ranks, until, true);
        int[] maybeEnded = counter.below(lives, TicketTimeline::possiblyAliveUntil, ranks, from, false);
        long[] unanswered = history.events().stream()
                .filter(event -> event.joins() && event.outcome().unknown())
                .mapToLong(event -> event.span().from())
                .sorted()
                .toArray();
        for (int i = 0; i < polls.size(); i++) {
            long ahead = position(polls.get(i)) - 1;
            int least = surelyBegun[i] - surelyEnded[i];
            int most = maybeBegun[i] - maybeEnded[i] + before(unanswered, until[i]);
            if (ahead < least || ahead > most) {
                violations.add(new Violation(
                        Promise.POSITION,
                        polls.get(i).span().until(),
                        "ticket %d has %d ahead, where %d..%d waited"
                                .formatted(polls.get(i).ticket(), ahead, least, most),
                        List.of(polls.get(i).ticket())));
            }
        }
    }

    private static int before(long[] sorted, long at) {
        int found = Arrays.binarySearch(sorted, at);
        return found >= 0 ? found + 1 : -found - 1;
    }
}
