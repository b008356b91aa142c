package dev.waitingroom.chaos.history;

import dev.waitingroom.chaos.history.Violation.Promise;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Promise 3: a ticket is admitted at most once, a repeated admit gets the same answer, and a place that ended never waits again. */
final class OnceCheck {
    private OnceCheck() {}

    static List<Violation> judge(List<TicketTimeline> lives, Promises promises) {
        var violations = new ArrayList<Violation>();
        Map<String, Long> owners = new HashMap<>();
        for (TicketTimeline life : lives) {
            admitted(life, promises, owners, violations);
            unremembered(life, promises, violations);
            backwards(life, promises, violations);
        }
        return violations;
    }

    private static void admitted(
            TicketTimeline life, Promises promises, Map<String, Long> owners, List<Violation> violations) {
        List<Event> grants = life.events().stream()
                .filter(event -> event.outcome() instanceof Outcome.Granted)
                .sorted(Comparator.comparingLong(event -> event.span().until()))
                .toList();
        Outcome.@Nullable Granted first = null;
        long heard = 0;
        for (Event event : grants) {
            Outcome.Granted granted = (Outcome.Granted) event.outcome();
            Long other = owners.putIfAbsent(granted.reservation(), life.ticket());
            if (other != null && other != life.ticket()) {
                violations.add(new Violation(
                        Promise.ONCE,
                        event.span().until(),
                        "tickets %d and %d have one reservation".formatted(other, life.ticket()),
                        List.of(other, life.ticket())));
            }
            // If every copy of a grant was lost, a repeated admit gets the same reservation with another second.
            boolean again = first != null
                    && first.reservation().equals(granted.reservation())
                    && promises.forgotten(heard, event.span().until());
            if (first != null && !first.equals(granted) && !again) {
                violations.add(new Violation(
                        Promise.ONCE,
                        event.span().until(),
                        "ticket %d was admitted as %s and as %s".formatted(life.ticket(), first, granted),
                        List.of(life.ticket())));
            }
            first = granted;
            heard = event.span().until();
        }
    }

    /** An admitted visitor is not told that the place is gone while the reservation is valid. */
    private static void unremembered(TicketTimeline life, Promises promises, List<Violation> violations) {
        long error = Promises.micros(promises.clockError());
        long heard = Span.OPEN;
        long until = 0;
        for (Event event : life.events()) {
            if (event.outcome() instanceof Outcome.Granted granted) {
                heard = Math.min(heard, event.span().until());
                until = Math.max(
                        until,
                        promises.policies().earliestEnd(granted.second() * 1_000_000, PolicyInForce::reservationTtl)
                                - error);
            }
        }
        // A session that ends takes its admission with it.
        until = Math.min(until, SessionEvent.endSent(life.sessions()));
        for (Event event : life.events()) {
            boolean over = switch (event.outcome()) {
                case Outcome.Gone gone -> true;
                case Outcome.Over(Outcome.State state, long asOf) -> state == Outcome.State.EXPIRED;
                default -> false;
            };
            if (over
                    && heard < event.span().from()
                    && event.span().until() < until
                    && !promises.forgotten(heard, event.span().until())) {
                violations.add(new Violation(
                        Promise.ONCE,
                        event.span().until(),
                        "ticket %d was admitted, and was told that its place is gone".formatted(life.ticket()),
                        List.of(life.ticket())));
            }
        }
    }

    private static void backwards(TicketTimeline life, Promises promises, List<Violation> violations) {
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
            if (back && !promises.forgotten(ended, event.span().until())) {
                violations.add(new Violation(
                        Promise.ONCE,
                        event.span().until(),
                        "ticket %d waits again, though its place had ended".formatted(life.ticket()),
                        List.of(life.ticket())));
            }
        }
        long gone = Math.min(left, over);
        if (life.granted().isPresent()
                && admitted != Span.OPEN
                && gone < life.granted().get().from()
                && !promises.forgotten(gone, admitted)) {
            violations.add(new Violation(
                    Promise.ONCE,
                    admitted,
                    "ticket %d was admitted after it had gone".formatted(life.ticket()),
                    List.of(life.ticket())));
        }
    }
}
