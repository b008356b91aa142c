package dev.waitingroom.chaos.history;

import dev.waitingroom.chaos.history.SessionEvent.Kind;
import java.util.Optional;

/**
 * A session that certainly took a place.
 *
 * @param ticket that was admitted
 * @param begun it began in this span
 * @param over it certainly kept its place until then, µs since 1970
 */
record CountedSession(long ticket, Span begun, long over) {
    /**
     * Empty if the ticket was not certainly admitted, or if its session may not count: it began while the room may have had no cap, or on another
     * Redis.
     */
    static Optional<CountedSession> of(TicketTimeline life, Promises promises) {
        Optional<Span> admitted = life.granted();
        if (admitted.isEmpty() || promises.sessions().mayBeElsewhere(admitted.get())) {
            return Optional.empty();
        }
        Span begun = admitted.get();
        long counts = promises.policies().uncappedFrom(begun.from());
        if (counts <= begun.until()) {
            return Optional.empty();
        }
        long error = Promises.micros(promises.clockError());
        long over = kept(begun, begun.from() + promises.policies().shortestAdmission(begun), promises);
        for (SessionEvent event : life.sessions()) {
            if (event.kind() == Kind.USE
                    && event.outcome() instanceof SessionOutcome.Passed passed
                    && passed.over().isPresent()
                    && !promises.sessions().mayBeElsewhere(event.span())) {
                over = Math.max(over, kept(event.span(), passed.over().getAsLong(), promises));
            }
        }
        return Optional.of(new CountedSession(
                life.ticket(), begun, Math.min(Math.min(over - error, counts), SessionEvent.endSent(life.sessions()))));
    }

    /**
     * Until when a place is certainly kept that was taken in this span, as long as until {@code over}. If {@code state} is lost, Redis knows only the
     * session time in force then.
     */
    private static long kept(Span taken, long over, Promises promises) {
        long kept = over;
        for (Span loss : promises.allowances().losses()) {
            if (taken.from() <= loss.until()) {
                long known = Math.max(taken.from(), loss.from())
                        + promises.policies().shortestAdmission(loss);
                kept = Math.min(kept, known);
            }
        }
        return kept;
    }
}
