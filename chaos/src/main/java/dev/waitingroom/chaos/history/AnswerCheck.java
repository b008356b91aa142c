package dev.waitingroom.chaos.history;

import dev.waitingroom.chaos.history.Violation.Promise;
import java.util.ArrayList;
import java.util.List;

/** Every call is answered as the API contract says, or not at all. */
final class AnswerCheck {
    private AnswerCheck() {}

    static List<Violation> judge(History history) {
        var violations = new ArrayList<Violation>();
        for (Event event : history.events()) {
            if (event.outcome() instanceof Outcome.Unexpected(String what)) {
                violations.add(new Violation(
                        Promise.ANSWER,
                        event.span().until(),
                        "%s of %s was answered %s".formatted(event.kind(), event.visitor(), what),
                        List.of(event.ticket())));
            }
        }
        for (SessionEvent event : history.sessions()) {
            if (event.outcome() instanceof SessionOutcome.Unexpected(String what)) {
                violations.add(new Violation(
                        Promise.ANSWER,
                        event.span().until(),
                        "%s of ticket %d was answered %s".formatted(event.kind(), event.ticket(), what),
                        List.of(event.ticket())));
            }
        }
        return violations;
    }
}
