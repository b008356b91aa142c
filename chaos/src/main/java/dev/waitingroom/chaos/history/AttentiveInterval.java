package dev.waitingroom.chaos.history;

import dev.waitingroom.chaos.history.Event.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * A part of a wait in which a visitor may be overtaken by few others. The visitor was in line, asked regularly, entered when told to, and was
 * answered. No fault was active that lets others overtake.
 *
 * @param life of the ticket that waits
 * @param from µs since 1970
 * @param until µs since 1970
 */
record AttentiveInterval(TicketTimeline life, long from, long until) {
    /** A visitor who pauses longer between two calls does not count as answering when called. */
    private static final long ATTENTION = 2_000_000;

    /** A gateway whose answer is older than this does not know which visitors are called now. */
    private static final long FRESH = 1_000_000;

    /** An answer that takes longer was delayed. An admit is held for 2 s on purpose. */
    private static final long PROMPT = 1_000_000;

    private static final long PROMPT_ADMIT = 3_000_000;

    /** All intervals of a wait, in order. An interval ends where a condition fails. The next one begins with the next good answer. */
    static List<AttentiveInterval> of(TicketTimeline life, FaultFreeIntervals calm, Promises promises) {
        long end = waitedUntil(life, promises);
        var intervals = new ArrayList<AttentiveInterval>();
        long from = Span.OPEN;
        long heard = 0;
        boolean called = false;
        for (Event event : life.events()) {
            Span span = event.span();
            if (event.joins() && event.outcome().unknown()) {
                continue; // of another visitor with the same key, or before there was a place
            }
            boolean good = answered(event) && calm.during(span);
            boolean goesOn = good && span.from() - heard <= ATTENTION && !(called && event.kind() != Kind.ADMIT);
            if (!goesOn) {
                add(intervals, life, from, Math.min(heard, end));
                from = good ? span.until() : Span.OPEN;
            }
            called = event.outcome() instanceof Outcome.Waiting waiting && waiting.ready();
            heard = good ? Math.max(heard, span.until()) : 0;
            if (span.from() > end) {
                break;
            }
        }
        add(intervals, life, from, Math.min(heard, end));
        return intervals;
    }

    private static void add(List<AttentiveInterval> intervals, TicketTimeline life, long from, long until) {
        if (from < until) {
            intervals.add(new AttentiveInterval(life, from, until));
        }
    }

    /** Until then the ticket certainly waited. */
    private static long waitedUntil(TicketTimeline life, Promises promises) {
        return life.granted()
                .map(Span::from)
                .orElseGet(() -> life.events().stream()
                        .filter(event -> event.outcome() instanceof Outcome.Waiting)
                        .mapToLong(event -> ((Outcome.Waiting) event.outcome()).asOf())
                        .map(asOf -> asOf - Promises.micros(promises.clockError()))
                        .max()
                        .orElse(0));
    }

    private static boolean answered(Event event) {
        if (event.outcome().unknown()
                || event.span().until() - event.span().from() > (event.kind() == Kind.ADMIT ? PROMPT_ADMIT : PROMPT)) {
            return false;
        }
        return !(event.outcome() instanceof Outcome.Waiting waiting)
                || (!waiting.onHold() && event.span().from() - waiting.asOf() <= FRESH);
    }
}
