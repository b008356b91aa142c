package dev.waitingroom.chaos.history;

import dev.waitingroom.chaos.history.Event.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What can be said for certain of one ticket.
 *
 * @param ticket its number
 * @param events the calls about it, in the order in which they were sent
 * @param joinSent from then on it may have existed; the beginning of time where no join gave it
 * @param joinDone from then on it surely existed
 * @param granted when it was admitted, if it surely was
 * @param mayBeGrantedFrom the earliest that it can have been admitted, {@link Span#OPEN} if it cannot
 * @param left when it left, if it surely did
 * @param surelyAliveUntil until then it surely waited, if it was not granted something else
 * @param possiblyAliveUntil after that it surely did not
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
        long possiblyAliveUntil) {
    /** One whose turn has come may be told so later: when there are tokens for those before. */
    private static final long UNTOLD = 10_000_000;

    static TicketTimeline of(long ticket, List<Event> events, Promises promises) {
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
                    // The token says the second, which narrows what the call's own times leave open.
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
                    joinSent = event.kind() == Kind.JOIN ? Math.min(joinSent, span.from()) : joinSent;
                    grantedFrom = event.kind() == Kind.ADMIT ? Math.min(grantedFrom, span.from()) : grantedFrom;
                    leftFrom = event.kind() == Kind.LEAVE ? Math.min(leftFrom, span.from()) : leftFrom;
                }
                case Outcome.Gone gone -> {}
                case Outcome.Refused refused -> {}
            }
        }
        if (joinDone == Span.OPEN) { // its join was not answered: it exists since before its first call
            joinSent = 0;
            joinDone = events.stream()
                    .filter(event -> event.kind() != Kind.JOIN)
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
                Math.min(ended, promises.goneBy(lastHeard)));
    }

    /** What was seen later is of another life: everything was lost, and the holder came back. */
    private static long latest(List<Long> stillThere, long grantedUntil) {
        return stillThere.stream()
                .filter(at -> at <= grantedUntil)
                .mapToLong(Long::longValue)
                .max()
                .orElse(0);
    }

    /** Until when it surely kept its place, by the silences that it kept and the age of its turn. */
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
