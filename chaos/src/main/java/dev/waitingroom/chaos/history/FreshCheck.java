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
 * Promise 4: a position is current. Without a fault no gateway's snapshot stands still, even if its age is told truly. The allowed age
 * grows with the longest time for which the machine ran no thread. It also grows with the time that this gateway took to answer. During a
 * recovery polls are answered from the snapshot before it. Nothing is judged if the first was not measured.
 */
final class FreshCheck {
    /** A gateway that is asked reads the line ten times a second. */
    private static final long FRESH = 250_000;

    /** A gateway that was not asked for a while, with nobody waiting, reads it once a second. */
    private static final long FRESH_IDLE = 1_250_000;

    /** A gateway certainly reads often from this long after a call, when an earlier plan is done, */
    private static final long AWAKE_AFTER = 1_500_000;

    /** until this long after it: it goes on for five seconds, one of which the answer may have taken. */
    private static final long AWAKE_UNTIL = 4_500_000;

    /** A timer, a call and its answer; the machine may delay each of them. */
    private static final int STEPS = 3;

    /** s; how quickly a gateway answered in this time before shows how quick it is now. */
    private static final int RECENT = 5;

    /** One second of one gateway. */
    private record Second(String gateway, long second) {}

    private FreshCheck() {}

    static List<Violation> judge(History history, Promises promises) {
        if (promises.allowances().stall().isZero()) {
            return List.of();
        }
        long error = Promises.micros(promises.clockError());
        long stall = Promises.micros(promises.allowances().stall());
        var violations = new ArrayList<Violation>();
        Map<String, NavigableMap<Long, Event>> answers = answersByGateway(history);
        Map<Second, Long> slowest = slowest(history);
        for (Event event : history.events()) {
            if (event.outcome() instanceof Outcome.Waiting waiting
                    && !promises.disturbed(event.span().from())) {
                long age = event.span().from() - waiting.asOf();
                long late = STEPS * Math.max(stall, slowest(event, slowest));
                long recovery = promises.moved(event.span().from()) ? Promises.RECOVERY : 0;
                if (age > (awake(event, answers) ? FRESH : FRESH_IDLE) + error + late + recovery) {
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

    /** The longest call in each second, without admits, which are held. */
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

    /** The answers of each gateway, by the time at which they came. */
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
