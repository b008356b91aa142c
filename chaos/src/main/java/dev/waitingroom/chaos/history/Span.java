package dev.waitingroom.chaos.history;

/**
 * A period of time, both ends included.
 *
 * @param from µs since 1970
 * @param until µs since 1970, {@link #OPEN} for never
 */
public record Span(long from, long until) {
    public static final long OPEN = Long.MAX_VALUE;

    public Span {
        if (until < from) {
            throw new IllegalArgumentException("until must not be before from: " + from + ".." + until);
        }
    }

    boolean contains(long at) {
        return from <= at && at <= until;
    }

    /** Whether it has a moment in common with the time between these two, both included. */
    boolean overlaps(long begin, long end) {
        return from <= end && begin <= until;
    }
}
