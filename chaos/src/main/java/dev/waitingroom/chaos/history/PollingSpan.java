package dev.waitingroom.chaos.history;

import dev.waitingroom.chaos.history.Event.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * A part of a wait in which a visitor polled when told to, and asked to enter when allowed to. Such a visitor keeps the place: no ttl, turn or
 * policy costs it.
 *
 * @param life of the ticket that waits
 * @param from when the visitor certainly had a place, µs since 1970
 * @param until when the last call in time was sent
 * @param lostAt when the visitor was told that the place is gone, although every call was in time
 */
record PollingSpan(TicketTimeline life, long from, long until, OptionalLong lostAt) {
    /** Timers and a busy machine may delay a visitor this much. */
    private static final long GRACE = 1_000_000;

    /** A gateway whose answer is older has not reported this poll to Redis. */
    private static final long FRESH = 1_000_000;

    /** All spans of a wait, in order. */
    static List<PollingSpan> of(TicketTimeline life, Promises promises) {
        var spans = new ArrayList<PollingSpan>();
        long from = Span.OPEN;
        long until = 0;
        long due = 0;
        boolean ready = false;
        for (Event event : life.events()) {
            if (event.joins() && event.outcome().unknown()) {
                continue; // it may be of another place
            }
            long sent = event.span().from();
            boolean inTime = from != Span.OPEN && sent <= due && (!ready || event.kind() == Kind.ADMIT);
            if (inTime) {
                until = sent;
            } else if (from != Span.OPEN) {
                spans.add(new PollingSpan(life, from, until, OptionalLong.empty()));
                from = Span.OPEN;
            }
            if (gone(event)) {
                if (inTime) {
                    spans.add(new PollingSpan(
                            life, from, until, OptionalLong.of(event.span().until())));
                }
                return spans;
            }
            if (heard(event, promises)) {
                if (from == Span.OPEN && mayBeGone(life, event, promises)) {
                    return spans;
                }
                if (from == Span.OPEN) {
                    from = event.span().until();
                    until = from;
                    due = 0;
                }
                due = Math.max(
                        due, event.span().until() + event.told().askAgain().orElseThrow() + GRACE);
                ready = event.outcome() instanceof Outcome.Waiting waiting && waiting.ready();
            }
        }
        if (from != Span.OPEN) {
            spans.add(new PollingSpan(life, from, until, OptionalLong.empty()));
        }
        return spans;
    }

    boolean contains(long begin, long end) {
        return from <= begin && end <= until;
    }

    /**
     * Whether the visitor was silent for too long before, and a later answer proves nothing: after a move, a line that does not remember puts
     * the place back until a copy that remembers comes in (ADR 0015).
     */
    private static boolean mayBeGone(TicketTimeline life, Event event, Promises promises) {
        long sent = event.span().from();
        return promises.moved(sent)
                && life.events().stream().mapToLong(other -> other.span().from()).filter(at -> at < sent).max().stream()
                        .anyMatch(before -> promises.policies().earliestEnd(before, PolicyInForce::ttl) < sent);
    }

    private static boolean gone(Event event) {
        return switch (event.outcome()) {
            case Outcome.Gone gone -> true;
            case Outcome.Over(Outcome.State state, long asOf) -> state != Outcome.State.ADMITTED;
            default -> false;
        };
    }

    /** Whether the answer shows that the visitor has a place, that Redis hears of the poll, and when the next poll is due. */
    private static boolean heard(Event event, Promises promises) {
        if (event.told().askAgain().isEmpty() || promises.unheard(event)) {
            return false;
        }
        return switch (event.outcome()) {
            case Outcome.Took took -> true;
            case Outcome.Denied denied -> true;
            case Outcome.Waiting waiting -> event.span().from() - waiting.asOf() <= FRESH;
            default -> false;
        };
    }
}
