package dev.waitingroom.chaos.history;

import dev.waitingroom.chaos.history.Event.Kind;
import dev.waitingroom.chaos.history.Violation.Promise;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Promise 6: while Redis does not answer, status is answered and tells its age. Join and admit answer 503 with Retry-After within 1 s. */
final class OutageCheck {
    private static final long ANSWER = 1_000_000;

    /** A call that was under way when Redis stopped may still have been answered. */
    private static final long SETTLE = 1_000_000;

    private OutageCheck() {}

    static List<Violation> judge(History history, Promises promises) {
        var violations = new ArrayList<Violation>();
        Set<String> informed = new HashSet<>(); // gateways that have answered a poll, and so have a snapshot
        for (Event event : history.events()) {
            if (event.outcome() instanceof Outcome.Waiting || event.outcome() instanceof Outcome.Over) {
                informed.add(event.gateway());
            }
            for (Span outage : promises.outages()) {
                if (event.span().from() >= outage.from() + SETTLE
                        && event.span().from() + ANSWER <= outage.until()) {
                    judge(event, outage, informed.contains(event.gateway()), promises, violations);
                }
            }
        }
        return violations;
    }

    private static void judge(
            Event event, Span outage, boolean informed, Promises promises, List<Violation> violations) {
        if (event.span().until() - event.span().from()
                > ANSWER + Promises.micros(promises.allowances().stall())) {
            violations.add(new Violation(
                    Promise.WITHOUT_REDIS,
                    event.span().until(),
                    "%s took %d ms without Redis"
                            .formatted(
                                    event.kind(),
                                    (event.span().until() - event.span().from()) / 1_000),
                    List.of(event.ticket())));
        }
        boolean good = switch (event.outcome()) {
            case Outcome.Waiting waiting ->
                waiting.asOf() <= outage.from() + SETTLE + Promises.micros(promises.clockError());
            case Outcome.Over over -> true;
            case Outcome.Unavailable unavailable -> unavailable.saysWhen() && (event.kind() != Kind.POLL || !informed);
            // The snapshot shows whether a place is gone or not yet called.
            case Outcome.Denied denied -> true;
            case Outcome.Gone gone -> true;
            case Outcome.Took took -> false;
            case Outcome.Granted granted -> false;
            case Outcome.Left left -> false;
            case Outcome.Refused refused -> true;
            case Outcome.Nothing nothing -> false;
            case Outcome.Unexpected unexpected -> false;
        };
        if (!good) {
            violations.add(new Violation(
                    Promise.WITHOUT_REDIS,
                    event.span().until(),
                    "%s was answered %s without Redis".formatted(event.kind(), event.outcome()),
                    List.of(event.ticket())));
        }
    }
}
