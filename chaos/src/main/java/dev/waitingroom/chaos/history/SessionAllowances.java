package dev.waitingroom.chaos.history;

import java.util.List;

/**
 * What the faults of a run allow for sessions ({@code docs/design/line.md}, Sessions after a loss).
 *
 * @param elsewhere when another Redis may have admitted visitors or renewed sessions: another primary, or a Redis that the gateways were moved to.
 *     Sessions of that time may be unknown to the one that goes on
 * @param wrongClocks when the clock of a gateway was wrong. A session ends by the gateway's clock
 */
public record SessionAllowances(List<Span> elsewhere, List<Span> wrongClocks) {
    public static final SessionAllowances NONE = new SessionAllowances(List.of(), List.of());

    public SessionAllowances {
        elsewhere = List.copyOf(elsewhere);
        wrongClocks = List.copyOf(wrongClocks);
    }

    /** Whether the Redis that goes on may not know what was done in this time. */
    boolean mayBeElsewhere(Span span) {
        return elsewhere.stream().anyMatch(time -> time.overlaps(span.from(), span.until()));
    }

    /** Whether a gateway's clock was wrong in this time. */
    boolean wrongClock(Span span) {
        return wrongClocks.stream().anyMatch(time -> time.overlaps(span.from(), span.until()));
    }
}
