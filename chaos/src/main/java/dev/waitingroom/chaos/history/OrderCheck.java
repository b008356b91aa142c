package dev.waitingroom.chaos.history;

import dev.waitingroom.chaos.history.Violation.Promise;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Promise 2: first come, first served. Who answers when called is overtaken by at most burst + 3 s of rate. */
final class OrderCheck {
    private static final double SECONDS = 3;

    /** Who lets more than this pass between two calls does not count as answering when called. */
    private static final long ATTENTION = 2_000_000;

    /** For so long before the admission one must have been attentive. */
    private static final long LOOK_BACK = 10_000_000;

    private OrderCheck() {}

    /** A Fenwick tree over ticket ranks counts, for each, the higher ones that were surely admitted before it can have been. */
    static List<Violation> judge(List<Life> lives, Promises promises) {
        if (promises.passes()) {
            return List.of();
        }
        var violations = new ArrayList<Violation>();
        double most = promises.maxBurst() + SECONDS * promises.maxRate() + promises.refilled();
        Map<Long, Integer> ranks = HashMap.newHashMap(lives.size());
        lives.forEach(life -> ranks.put(life.ticket(), ranks.size()));
        List<Life> granted = lives.stream()
                .filter(life -> life.granted().isPresent())
                .sorted(Comparator.comparingLong(
                        life -> life.granted().orElseThrow().until()))
                .toList();
        List<Life> waiters = lives.stream()
                .filter(life -> attentive(life, promises))
                .sorted(Comparator.comparingLong(OrderCheck::waitedUntil))
                .toList();
        var admitted = new Fenwick(lives.size());
        int next = 0;
        for (Life waiter : waiters) {
            long until = waitedUntil(waiter);
            for (;
                    next < granted.size()
                            && granted.get(next).granted().orElseThrow().until() < until;
                    next++) {
                admitted.add(ranks.getOrDefault(granted.get(next).ticket(), 0), 1);
            }
            int overtakers = admitted.total() - admitted.below(ranks.getOrDefault(waiter.ticket(), 0) + 1);
            if (overtakers > most) {
                violations.add(new Violation(
                        Promise.ORDER,
                        until,
                        "ticket %d was overtaken by %d, at most %.0f may".formatted(waiter.ticket(), overtakers, most),
                        List.of(waiter.ticket())));
            }
        }
        return violations;
    }

    /** Until then it surely was in line, not admitted. */
    private static long waitedUntil(Life life) {
        long waiting = life.events().stream()
                .filter(event -> event.outcome() instanceof Outcome.Waiting)
                .mapToLong(event -> ((Outcome.Waiting) event.outcome()).asOf())
                .max()
                .orElse(life.joinSent());
        return life.granted().map(Span::from).orElse(waiting);
    }

    /** Asks often enough, and enters when told to. */
    private static boolean attentive(Life life, Promises promises) {
        long until = waitedUntil(life);
        long heard = life.joinDone();
        boolean called = false;
        for (Event event : life.events()) {
            Span span = event.span();
            if (span.from() > until) {
                break;
            }
            if ((event.outcome().unknown() && event.kind() != Event.Kind.JOIN)
                    || (event.outcome() instanceof Outcome.Waiting waiting && waiting.onHold())
                    || promises.disturbed(span.from())
                    || promises.disturbed(span.until())) {
                return false;
            }
            if (span.from() > until - LOOK_BACK
                    && (span.from() - heard > ATTENTION || (called && event.kind() != Event.Kind.ADMIT))) {
                return false;
            }
            called = event.outcome() instanceof Outcome.Waiting waiting && waiting.ready();
            heard = Math.max(heard, span.until());
        }
        return until - heard <= ATTENTION;
    }
}
