package dev.waitingroom.chaos.history;

import dev.waitingroom.chaos.history.SessionEvent.Kind;
import dev.waitingroom.chaos.history.SessionOutcome.Passed;
import dev.waitingroom.chaos.history.Violation.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Nobody is in without admission: a session that a gateway accepts stems from an admission, has not expired, and has not ended. In a room with
 * {@code maxActive} a cookie lasts no longer than its session's place.
 */
final class AdmissionCheck {
    /** Each gateway process learns of an ended session within this time. */
    private static final long LEARNED = 1_250_000;

    /** A timer, a call and its answer; the machine may delay each of them. */
    private static final int STEPS = 3;

    private final Promises promises;
    private final Map<Long, TicketTimeline> lives;
    private final long error;
    private final List<Violation> violations = new ArrayList<>();

    private AdmissionCheck(List<TicketTimeline> lives, Promises promises) {
        this.promises = promises;
        this.lives = lives.stream().collect(Collectors.toMap(TicketTimeline::ticket, Function.identity()));
        this.error = Promises.micros(promises.clockError());
    }

    static List<Violation> judge(History history, List<TicketTimeline> lives, Promises promises) {
        var check = new AdmissionCheck(lives, promises);
        history.sessions().forEach(check::judge);
        return check.violations;
    }

    private void judge(SessionEvent event) {
        if (!(event.outcome() instanceof Passed passed)) {
            return;
        }
        switch (event.kind()) {
            case FORGE -> broken(event, "was let in with a cookie that no gateway made for this room");
            case USE -> {
                used(event);
                outlasts(event, passed);
            }
            case BEGIN -> {
                admitted(event);
                outlasts(event, passed);
            }
            case END -> {}
        }
    }

    private void used(SessionEvent event) {
        admitted(event);
        if (event.over() + error < event.span().from() && !promises.sessions().wrongClock(event.span())) {
            broken(
                    event,
                    "was let in %.1f s after its session expired"
                            .formatted((event.span().from() - event.over()) / 1e6));
        }
        long known = event.span().from()
                - LEARNED
                - STEPS * Promises.micros(promises.allowances().stall())
                - error;
        life(event).stream()
                .flatMap(life -> life.sessions().stream())
                .filter(end -> end.kind() == Kind.END && end.span().until() < known && certainlyEnded(end, event))
                .findFirst()
                .ifPresent(end -> broken(
                        event,
                        "was let in %.1f s after its session was ended"
                                .formatted((event.span().from() - end.span().until()) / 1e6)));
    }

    private void admitted(SessionEvent event) {
        boolean may = life(event)
                .filter(life -> life.mayBeGrantedFrom() <= event.span().until())
                .isPresent();
        if (!may) {
            broken(event, "was let in without admission");
        }
    }

    /** Whether Redis and all gateways learned of the end. A session from before the cap was set does not count. */
    private boolean certainlyEnded(SessionEvent end, SessionEvent use) {
        return end.outcome() instanceof SessionOutcome.Ended
                && end.over() > end.span().until() + error
                && !promises.sessions().wrongClock(end.span())
                && promises.quiet(end.span().from(), use.span().until())
                && promises.policies().uncappedFrom(begun(end)) > use.span().until();
    }

    private long begun(SessionEvent event) {
        return life(event).flatMap(TicketTimeline::granted).map(Span::from).orElse(0L);
    }

    private Optional<TicketTimeline> life(SessionEvent event) {
        return Optional.ofNullable(lives.get(event.ticket()));
    }

    /** A cookie lasts for as long as the admission may be used, or as Redis answered. */
    private void outlasts(SessionEvent event, Passed passed) {
        Span span = event.span();
        Optional<Span> granted = life(event).flatMap(TicketTimeline::granted);
        if (passed.over().isEmpty()
                || granted.isEmpty()
                || promises.sessions().wrongClock(span)
                || promises.forgotten(granted.get().from(), span.until())
                || promises.policies().uncappedFrom(granted.get().from()) <= span.until()) {
            return;
        }
        long latest = promises.policies().longestAdmission()
                + (event.kind() == Kind.BEGIN ? Math.min(granted.get().until(), span.until()) : span.until());
        if (passed.over().getAsLong() > latest + error) {
            broken(
                    event,
                    "was given a cookie that lasts %.1f s longer than its place"
                            .formatted((passed.over().getAsLong() - latest) / 1e6));
        }
    }

    private void broken(SessionEvent event, String what) {
        violations.add(new Violation(
                Promise.ADMISSION,
                event.span().until(),
                "ticket %d %s".formatted(event.ticket(), what),
                List.of(event.ticket())));
    }
}
