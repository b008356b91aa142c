package dev.waitingroom.chaos.history;

import dev.waitingroom.chaos.history.Event.Kind;
import dev.waitingroom.chaos.history.Violation.Promise;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.LongStream;

/**
 * Promise 4: a position is one of a moment ago. While nothing is broken no gateway's copy of the line stands still, however honestly it says how old
 * it is. How old it may be depends on how long the machine let nobody run, or this gateway, which shows in how long it took to answer; where the
 * first was not measured nothing is judged.
 */
final class FreshCheck {
    /** A copy is read ten times a second by a gateway that is asked. */
    private static final long FRESH = 250_000;

    /** By one that was not asked for a while, and has nobody who waits, once a second. */
    private static final long FRESH_IDLE = 1_250_000;

    /** So long after it was asked a gateway surely reads often, since what it had planned before is done, */
    private static final long AWAKE_AFTER = 1_500_000;

    /** and until so long after: for five seconds, one of which the answer may have taken. */
    private static final long AWAKE_UNTIL = 4_500_000;

    /** A timer, a call and its answer: each may have to wait for the machine. */
    private static final int STEPS = 3;

    /** s; how quick a gateway was so long before tells how quick it is. */
    private static final int RECENT = 5;

    /** A second of a gateway's. */
    private record Second(String gateway, long second) {}

    private FreshCheck() {}

    static List<Violation> judge(History history, Promises promises) {
        if (promises.freedom().stall().isZero()) {
            return List.of();
        }
        long error = Promises.micros(promises.clockError());
        long stall = Promises.micros(promises.freedom().stall());
        var violations = new ArrayList<Violation>();
        Map<String, NavigableMap<Long, Event>> answers = answersByGateway(history);
        Map<Second, Long> slowest = slowest(history);
        for (Event event : history.events()) {
            if (event.outcome() instanceof Outcome.Waiting waiting
                    && !promises.disturbed(event.span().from())) {
                long age = event.span().from() - waiting.asOf();
                long late = STEPS * Math.max(stall, slowest(event, slowest));
                if (age > (awake(event, answers) ? FRESH : FRESH_IDLE) + error + late) {
                    violations.add(new Violation(
                            Promise.POSITION,
                            event.span().until(),
                            "ticket %d was told by %s what was true %d ms before it asked"
                                    .formatted(event.ticket(), event.gateway(), age / 1_000),
                            List.of(event.ticket())));
                }
            }
        }
        return violations;
    }

    /** The longest call that was under way, but for admits, which are held. */
    private static Map<Second, Long> slowest(History history) {
        Map<Second, Long> slowest = new HashMap<>();
        for (Event event : history.events()) {
            Span span = event.span();
            for (long second = span.from() / 1_000_000;
                    event.kind() != Kind.ADMIT && second <= span.until() / 1_000_000;
                    second++) {
                slowest.merge(new Second(event.gateway(), second), span.until() - span.from(), Math::max);
            }
        }
        return slowest;
    }

    private static long slowest(Event poll, Map<Second, Long> slowest) {
        return LongStream.rangeClosed(
                        poll.span().from() / 1_000_000 - RECENT, poll.span().until() / 1_000_000)
                .map(second -> slowest.getOrDefault(new Second(poll.gateway(), second), 0L))
                .max()
                .orElse(0);
    }

    /** By when they were heard. */
    private static Map<String, NavigableMap<Long, Event>> answersByGateway(History history) {
        Map<String, NavigableMap<Long, Event>> answers = new HashMap<>();
        for (Event event : history.events()) {
            if (!event.outcome().unknown()) {
                answers.computeIfAbsent(event.gateway(), ignored -> new TreeMap<>())
                        .put(event.span().until(), event);
            }
        }
        return answers;
    }

    private static boolean awake(Event poll, Map<String, NavigableMap<Long, Event>> answers) {
        Map.Entry<Long, Event> before = answers.getOrDefault(poll.gateway(), new TreeMap<>())
                .floorEntry(poll.span().from() - AWAKE_AFTER);
        return before != null && before.getValue().span().from() >= poll.span().from() - AWAKE_UNTIL;
    }
}
