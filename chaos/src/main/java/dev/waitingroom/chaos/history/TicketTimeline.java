package dev.waitingroom.chaos.history;

import dev.waitingroom.chaos.history.Event.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is certain about one ticket.
 *
 * @param ticket its number
 * @param events the calls about it, in the order in which they were sent
 * @param joinSent the earliest time at which it may have existed; the beginning of time if no join gave it
 * @param joinDone when it certainly existed
 * @param granted when it was admitted, if it certainly was
 * @param mayBeGrantedFrom the earliest time at which it may have been admitted, {@link Span#OPEN} for never
 * @param left when it left, if it certainly did
 * @param surelyAliveUntil it certainly waited until then, if it existed
 * @param possiblyAliveUntil it certainly did not wait after that
 * @param sessions the calls about its session, in the order in which they were sent
 */
record TicketTimeline(
        long ticket,
        List<Event> events,
        long joinSent,
        long joinDone,
        Optional<Span> granted,
        long mayBeGrantedFrom,
        Optional<Span> left,
        long surelyAliveUntil,
        long possiblyAliveUntil,
        List<SessionEvent> sessions) {
    /** A visitor whose turn has come may be told so later, when there are tokens for those ahead. */
    private static final long UNTOLD = 10_000_000;

    /**
     * Whether the ticket was admitted before the call. If it waits again, Redis was moved and back without copies: {@link OnceCheck} judges
     * that, and what else it is told is of no line that anybody keeps.
     */
    boolean admittedBefore(Event event) {
        return granted.filter(grant -> grant.until() <= event.span().from()).isPresent();
    }

    static TicketTimeline of(long ticket, List<Event> events, List<SessionEvent> sessions, Promises promises) {
        long error = Promises.micros(promises.clockError());
        long joinSent = Span.OPEN;
        long joinDone = Span.OPEN;
        long grantedFrom = Span.OPEN;
        long grantedUntil = Span.OPEN;
        List<Long> stillThere = new ArrayList<>();
        long leftFrom = Span.OPEN;
        long leftUntil = Span.OPEN;
        for (Event event : events) {
            Span span = event.span();
            switch (event.outcome()) {
                case Outcome.Took took -> {
                    joinSent = Math.min(joinSent, span.from());
                    joinDone = Math.min(joinDone, span.until());
                }
                case Outcome.Granted answer -> {
                    grantedFrom = Math.min(grantedFrom, span.from());
                    // The token names the second, which is more exact than the times of the call.
                    grantedUntil =
                            Math.min(grantedUntil, Math.min(span.until(), (answer.second() + 1) * 1_000_000 + error));
                    stillThere.add(answer.second() * 1_000_000 - error);
                }
                case Outcome.Waiting waiting -> stillThere.add(waiting.asOf() - error);
                case Outcome.Denied denied -> stillThere.add(span.from());
                case Outcome.Over over -> {
                    if (over.state() == Outcome.State.ADMITTED) {
                        grantedUntil = Math.min(grantedUntil, span.until());
                    }
                }
                case Outcome.Left done -> {
                    leftFrom = Math.min(leftFrom, span.from());
                    leftUntil = Math.min(leftUntil, span.until());
                }
                case Outcome.Unavailable _, Outcome.Nothing _, Outcome.Unexpected _ -> {
                    joinSent = event.joins() ? Math.min(joinSent, span.from()) : joinSent;
                    grantedFrom = mayAdmit(event) ? Math.min(grantedFrom, span.from()) : grantedFrom;
                    leftFrom = event.kind() == Kind.LEAVE ? Math.min(leftFrom, span.from()) : leftFrom;
                }
                case Outcome.Gone gone -> {}
                case Outcome.Refused refused -> {}
            }
        }
        if (joinDone == Span.OPEN) { // its join was not answered: it existed before its first call
            joinSent = 0;
            joinDone = events.stream()
                    .filter(event -> !event.joins())
                    .mapToLong(event -> event.span().from())
                    .min()
                    .orElseThrow();
        }
        long from = grantedFrom == Span.OPEN ? Span.OPEN : Math.max(grantedFrom, latest(stillThere, grantedUntil));
        Optional<Span> granted = grantedUntil == Span.OPEN
                ? Optional.empty()
                : Optional.of(new Span(Math.min(from, grantedUntil), grantedUntil));
        Optional<Span> left = leftUntil == Span.OPEN
                ? Optional.empty()
                : Optional.of(new Span(Math.min(leftFrom, leftUntil), leftUntil));
        long ended = Math.min(grantedUntil, leftUntil);
        long lastHeard =
                events.stream().mapToLong(event -> event.span().until()).max().orElseThrow();
        return new TicketTimeline(
                ticket,
                events,
                joinSent,
                joinDone,
                granted,
                from,
                left,
                Math.min(Math.min(from, leftFrom), audibleUntil(events, joinSent, promises)),
                Math.min(ended, promises.goneBy(lastHeard)),
                sessions);
    }

    private static boolean mayAdmit(Event event) {
        return event.kind() == Kind.ADMIT || event.kind() == Kind.ENTER;
    }

    /** Whether it was admitted with its join. A ticket that one of its joins told to wait was not: a later join repeated the admission. */
    boolean entered() {
        List<Event> joins = events.stream()
                .filter(event -> event.outcome() instanceof Outcome.Took)
                .toList();
        return !joins.isEmpty() && joins.stream().allMatch(this::admitted);
    }

    private boolean admitted(Event join) {
        return events.stream()
                .anyMatch(admit -> admit.outcome() instanceof Outcome.Granted
                        && admit.span().equals(join.span()));
    }

    /** The last time at which it still waited. Later times count for nothing: the line was lost, and the visitor put the place back. */
    private static long latest(List<Long> stillThere, long grantedUntil) {
        return stillThere.stream()
                .filter(at -> at <= grantedUntil)
                .mapToLong(Long::longValue)
                .max()
                .orElse(0);
    }

    /** Until when it certainly kept its place, by its silences and the age of its turn. */
    private static long audibleUntil(List<Event> events, long joinSent, Promises promises) {
        PolicyTimeline policies = promises.policies();
        long heard = joinSent;
        long notCalled = joinSent;
        for (Event event : events) {
            if (event.outcome().unknown() || promises.unheard(event)) {
                continue;
            }
            if (event.span().until() > policies.earliestEnd(heard, PolicyInForce::ttl)) {
                break;
            }
            heard = Math.max(heard, event.span().from());
            if (event.outcome() instanceof Outcome.Waiting waiting && !waiting.ready()) {
                notCalled = Math.max(notCalled, waiting.asOf());
            }
        }
        return Math.min(
                policies.earliestEnd(heard, PolicyInForce::ttl),
                policies.earliestEnd(notCalled, PolicyInForce::turnTtl) - UNTOLD);
    }
}
