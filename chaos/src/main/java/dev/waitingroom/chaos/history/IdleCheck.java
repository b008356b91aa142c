package dev.waitingroom.chaos.history;

import dev.waitingroom.chaos.history.Event.Kind;
import dev.waitingroom.chaos.history.Violation.Promise;
import dev.waitingroom.queue.policy.Mode;
import dev.waitingroom.queue.policy.SessionCap;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A place that is free is given to the next visitor. In a room with {@code maxActive} somebody is admitted within 10 s if all that time a place is
 * free, a token is there, and a visitor waits who asks again and enters when told to.
 *
 * <p>Only times without a fault are judged, in which one policy alone is in force. After a loss the room may count as full for as long as a
 * session lasts.
 */
final class IdleCheck {
    /** Absent visitors are called before, one after the other. */
    private static final long IDLE = 10_000_000;

    /** The times that are looked at lie this far apart. */
    private static final long STEP = 500_000;

    /** A call without an answer may have its effect this long after it was given up. */
    private static final long LATE = 4_000_000;

    private final History history;
    private final List<TicketTimeline> lives;
    private final Promises promises;
    private final List<AttentiveInterval> waits;
    private final long longest;

    private IdleCheck(History history, List<TicketTimeline> lives, Promises promises) {
        FaultFreeIntervals calm = FaultFreeIntervals.of(lives, promises);
        this.history = history;
        this.lives = lives;
        this.promises = promises;
        this.waits = lives.stream()
                .flatMap(life -> AttentiveInterval.of(life, calm, promises).stream())
                .toList();
        this.longest = promises.policies().longestAdmission() + Promises.micros(promises.clockError());
    }

    static List<Violation> judge(History history, List<TicketTimeline> lives, Promises promises) {
        boolean capped = promises.policies().policies().stream()
                .anyMatch(policy -> policy.cap().isPresent());
        if (!capped || history.events().isEmpty()) {
            return List.of();
        }
        var check = new IdleCheck(history, lives, promises);
        return check.pauses().stream()
                .flatMap(pause -> check.judge(pause).stream())
                .toList();
    }

    /** The times in which certainly nobody was admitted. */
    private List<Span> pauses() {
        List<Span> admissions = Stream.concat(
                        lives.stream().flatMap(life -> life.granted().stream()),
                        history.events().stream()
                                .filter(IdleCheck::mayAdmit)
                                .map(event -> new Span(
                                        event.span().from(), event.span().until() + LATE)))
                .sorted(Comparator.comparingLong(Span::from))
                .toList();
        long last = history.events().getLast().span().until();
        var pauses = new ArrayList<Span>();
        long over = history.events().getFirst().span().from();
        for (Span admission : Stream.concat(admissions.stream(), Stream.of(new Span(last, last)))
                .toList()) {
            if (admission.from() > over + IDLE) {
                pauses.add(new Span(over, admission.from()));
            }
            over = Math.max(over, admission.until());
        }
        return pauses;
    }

    private static boolean mayAdmit(Event event) {
        return (event.kind() == Kind.ADMIT || event.kind() == Kind.ENTER)
                && event.outcome().unknown();
    }

    private Optional<Violation> judge(Span pause) {
        for (long until = pause.until(); until - IDLE > pause.from(); until -= STEP) {
            Optional<Violation> found = judge(pause.from(), until);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    /** Judges the last 10 s before a time, with the time that a token takes. */
    private Optional<Violation> judge(long from, long until) {
        return promises.policies().inForce(until - IDLE, until, Promises.LAG).stream()
                .filter(policy -> policy.mode() == Mode.QUEUE)
                .flatMap(policy -> policy.cap().stream().flatMap(cap -> judge(policy, cap, from, until).stream()))
                .findFirst();
    }

    private Optional<Violation> judge(PolicyInForce policy, SessionCap cap, long from, long until) {
        long begin = until - IDLE - (long) (1e6 / policy.perSecond());
        if (begin < from
                || !promises.policies().inForce(begin, until, Promises.LAG).equals(Optional.of(policy))
                || promises.policies().uncappedFrom(begin - longest) <= until
                || promises.moved(until)
                || sessionsUnknown(begin, until)) {
            return Optional.empty();
        }
        Optional<AttentiveInterval> waiting = waits.stream()
                .filter(interval -> interval.from() <= begin && until <= interval.until())
                .findFirst();
        if (waiting.isEmpty()) {
            return Optional.empty();
        }
        long taken = taken(begin);
        if (taken >= cap.maxActive()) {
            return Optional.empty();
        }
        long ticket = waiting.get().life().ticket();
        return Optional.of(new Violation(
                Promise.IDLE,
                until,
                "nobody was admitted for %.1f s, though ticket %d waited and at most %d of %d places were taken"
                        .formatted((until - from) / 1e6, ticket, taken, cap.maxActive()),
                List.of(ticket)));
    }

    /** Whether Redis may have lost sessions so shortly before that the room counts as full. */
    private boolean sessionsUnknown(long begin, long until) {
        return promises.allowances().losses().stream()
                .anyMatch(loss -> loss.overlaps(begin - longest - Promises.RECOVERY, until));
    }

    /** The most places that may be taken from this time on, if nobody is admitted. */
    private long taken(long at) {
        long known = lives.stream()
                .filter(life -> life.mayBeGrantedFrom() <= at && possiblyUntil(life) > at)
                .count();
        long unknown = history.events().stream()
                .filter(event -> event.kind() == Kind.ENTER && event.outcome().unknown())
                .filter(event -> event.span().from() <= at && event.span().until() + LATE + longest > at)
                .count();
        return known + unknown;
    }

    private long possiblyUntil(TicketTimeline life) {
        long admitted = life.granted()
                .map(Span::until)
                .orElseGet(() -> life.events().stream()
                                .filter(IdleCheck::mayAdmit)
                                .mapToLong(event -> event.span().until())
                                .max()
                                .orElse(0)
                        + LATE);
        long used = life.sessions().stream()
                .filter(IdleCheck::mayKeep)
                .mapToLong(event -> event.span().until())
                .max()
                .orElse(0);
        long ended = life.sessions().stream()
                .filter(this::certainlyEnds)
                .mapToLong(event -> event.span().until())
                .min()
                .orElse(Span.OPEN);
        return Math.min(ended, Math.max(admitted, used) + longest);
    }

    /** Whether the call may have made the place last longer. */
    private static boolean mayKeep(SessionEvent event) {
        return switch (event.kind()) {
            case BEGIN, USE -> !(event.outcome() instanceof SessionOutcome.KeptOut);
            case FORGE, END -> false;
        };
    }

    /** Whether Redis certainly ended the session. It does not if it may not know the session, or if the cookie may have expired by some clock. */
    private boolean certainlyEnds(SessionEvent event) {
        Span span = event.span();
        return event.kind() == SessionEvent.Kind.END
                && event.outcome() instanceof SessionOutcome.Ended
                && event.over() > span.until() + Promises.micros(promises.clockError())
                && !promises.sessions().wrongClock(span)
                && promises.policies().uncappedFrom(span.from() - longest) > span.until()
                && !sessionsUnknown(span.from(), span.until());
    }
}
