package dev.waitingroom.gateway.http;

import java.time.Duration;

/** Lets one log line pass in each interval, and counts the others. Thread-safe. */
public final class LogThrottle {
    /** What {@link #pass} says to those that do not pass. */
    public static final long HELD_BACK = -1;

    private final long spacingNanos;
    private boolean begun;
    private long last;
    private long suppressed;

    public LogThrottle(Duration spacing) {
        this.spacingNanos = spacing.toNanos();
    }

    /**
     * @param now of a clock that never goes back, ns
     * @return how many were held back since the last one that passed, or {@link #HELD_BACK}
     */
    public synchronized long pass(long now) {
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
