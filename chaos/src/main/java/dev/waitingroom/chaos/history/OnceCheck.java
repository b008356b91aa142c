package dev.waitingroom.chaos.history;

import dev.waitingroom.chaos.history.Violation.Promise;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Promise 3: a ticket is granted at most once, a retry gets the same answer; and a life only goes forward. */
final class OnceCheck {
    private OnceCheck() {}

    static List<Violation> judge(List<Life> lives, Promises promises) {
        var violations = new ArrayList<Violation>();
        Map<String, Long> owners = new HashMap<>();
        for (Life life : lives) {
            Map<Outcome.Granted, Long> answers = new HashMap<>();
            for (Event event : life.events()) {
                if (event.outcome() instanceof Outcome.Granted granted) {
                    answers.put(granted, event.span().until());
                    Long other = owners.putIfAbsent(granted.reservation(), life.ticket());
                    if (other != null && other != life.ticket()) {
                        violations.add(new Violation(
                                Promise.ONCE,
                                event.span().until(),
                                "tickets %d and %d have one reservation".formatted(other, life.ticket())));
                    }
                }
            }
            if (answers.size() > 1) {
                violations.add(new Violation(
                        Promise.ONCE,
                        answers.values().stream()
                                .mapToLong(Long::longValue)
                                .max()
                                .orElseThrow(),
                        "ticket %d was admitted as %s".formatted(life.ticket(), answers.keySet())));
            }
            backwards(life, promises, violations);
        }
        return violations;
    }

    private static void backwards(Life life, Promises promises, List<Violation> violations) {
        long error = Promises.micros(promises.clockError());
        long admitted = life.granted().map(Span::until).orElse(Span.OPEN);
        long left = life.left().map(Span::until).orElse(Span.OPEN);
        long over = life.events().stream()
                .filter(event -> event.outcome() instanceof Outcome.Over || event.outcome() instanceof Outcome.Gone)
                .mapToLong(event -> event.span().until())
                .min()
                .orElse(Span.OPEN);
        long ended = Math.min(Math.min(admitted, left), over);
        for (Event event : life.events()) {
            boolean back = switch (event.outcome()) {
                case Outcome.Waiting waiting -> ended < event.span().from() && ended + error < waiting.asOf();
                case Outcome.Denied denied -> ended < event.span().from();
                default -> false;
            };
            if (back) {
                violations.add(new Violation(
                        Promise.ONCE,
                        event.span().until(),
                        "ticket %d waits again, though its place had ended".formatted(life.ticket())));
            }
        }
        long gone = Math.min(left, over);
        if (life.granted().isPresent()
                && admitted != Span.OPEN
                && gone < life.granted().get().from()) {
            violations.add(new Violation(
                    Promise.ONCE, admitted, "ticket %d was admitted after it had gone".formatted(life.ticket())));
        }
    }
}
