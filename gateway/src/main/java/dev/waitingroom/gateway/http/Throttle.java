package dev.waitingroom.gateway.http;

import java.time.Duration;

/** Lets one through in a while, and counts the others. Thread-safe. */
final class Throttle {
    /** What {@link #pass} says to those that do not pass. */
    static final long HELD_BACK = -1;

    private final long spacingNanos;
    private boolean begun;
    private long last;
    private long suppressed;

    Throttle(Duration spacing) {
        this.spacingNanos = spacing.toNanos();
    }

    /**
     * @param now of a clock that never goes back, ns
     * @return how many were held back since the last one that passed, or {@link #HELD_BACK}
     */
    synchronized long pass(long now) {
        if (begun && now - last < spacingNanos) {
            suppressed++;
            return HELD_BACK;
        }
        begun = true;
        last = now;
        long result = suppressed;
        suppressed = 0;
        return result;
    }
}
