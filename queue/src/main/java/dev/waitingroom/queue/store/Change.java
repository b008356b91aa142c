package dev.waitingroom.queue.store;

/** A change of the line. Applied in order they give the line at the header's sequence. */
public sealed interface Change {
    /** Tickets {@code from} (inclusive) to {@code to} (exclusive) wait now. */
    record Joined(long from, long to) implements Change {}

    /** These tickets were admitted, at these times (Redis' clock, ms). */
    record Granted(long[] tickets, long[] grantedMillis) implements Change {}

    record Left(long[] tickets) implements Change {}

    /** The sessions of these tickets run out at this time (Redis' clock, ms), or have ended if it is 0. In rooms with a cap only. */
    record Sessions(long overMillis, long[] tickets) implements Change {}

    /** The tickets wait again: put back after a loss. */
    record Restored(long[] tickets) implements Change {}
}
