package dev.waitingroom.chaos.history;

import dev.waitingroom.chaos.history.Event.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * A part of a wait in which the visitor called whenever they had been told to, and asked to be admitted when they might enter. Such a visitor keeps
 * their place: no ttl, turn or policy costs it.
 *
 * @param life whose wait
 * @param from from then on they surely had a place, µs since 1970
 * @param until when they sent the last call that came in time
 * @param lostAt when they were told that the place is gone, though they had called in time
 */
record PollingSpan(TicketTimeline life, long from, long until, OptionalLong lostAt) {
    /** Timers and a busy machine make a visitor this late. */
    private static final long GRACE = 1_000_000;

    /** A gateway that tells what was longer ago has not told Redis of this poll. */
    private static final long FRESH = 1_000_000;

    /** All of a wait's, in order. */
    static List<PollingSpan> of(TicketTimeline life, Promises promises) {
        var spans = new ArrayList<PollingSpan>();
        long from = Span.OPEN;
        long until = 0;
        long due = 0;
        boolean ready = false;
        for (Event event : life.events()) {
            if (event.kind() == Kind.JOIN && event.outcome().unknown()) {
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

    private static boolean gone(Event event) {
        return switch (event.outcome()) {
            case Outcome.Gone gone -> true;
            case Outcome.Over(Outcome.State state, long asOf) -> state != Outcome.State.ADMITTED;
            default -> false;
        };
    }

    /** Whether it shows that the visitor has a place, that Redis hears of them, and when they are to call again. */
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
