package dev.waitingroom.chaos.history;

import dev.waitingroom.chaos.history.Event.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * A part of a wait in which the visitor did what makes them somebody who answers when called, and was answered: they were in line all the while,
 * asked again and again, entered when they were told to, and nothing was broken that lets others come before them.
 *
 * @param life whose wait
 * @param from µs since 1970
 * @param until µs since 1970
 */
record AttentiveInterval(TicketTimeline life, long from, long until) {
    /** Who lets more than this pass between two calls does not count as answering when called. */
    private static final long ATTENTION = 2_000_000;

    /** A gateway that tells what was longer ago does not know who is called now. */
    private static final long FRESH = 1_000_000;

    /** What is answered no sooner was held up; an admit is held for 2 s on purpose. */
    private static final long PROMPT = 1_000_000;

    private static final long PROMPT_ADMIT = 3_000_000;

    /** All of a wait's, in order. Where something is amiss one ends, and the next begins with the next answer that is as it should be. */
    static List<AttentiveInterval> of(TicketTimeline life, FaultFreeIntervals calm, Promises promises) {
        long end = waitedUntil(life, promises);
        var stretches = new ArrayList<AttentiveInterval>();
        long from = Span.OPEN;
        long heard = 0;
        boolean called = false;
        for (Event event : life.events()) {
            Span span = event.span();
            if (event.kind() == Kind.JOIN && event.outcome().unknown()) {
                continue; // of another who gave the same name, or before there was a place
            }
            boolean good = answered(event) && calm.during(span);
            boolean goesOn = good && span.from() - heard <= ATTENTION && !(called && event.kind() != Kind.ADMIT);
            if (!goesOn) {
                add(stretches, life, from, Math.min(heard, end));
                from = good ? span.until() : Span.OPEN;
            }
            called = event.outcome() instanceof Outcome.Waiting waiting && waiting.ready();
            heard = good ? Math.max(heard, span.until()) : 0;
            if (span.from() > end) {
                break;
            }
        }
        add(stretches, life, from, Math.min(heard, end));
        return stretches;
    }

    private static void add(List<AttentiveInterval> stretches, TicketTimeline life, long from, long until) {
        if (from < until) {
            stretches.add(new AttentiveInterval(life, from, until));
        }
    }

    /** Until then it surely was in line, not admitted. */
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
