package dev.waitingroom.queue.store;

/** The answer of a room script. Every answer tells Redis' clock. */
public sealed interface Reply<T> {
    /** Redis' clock, µs since 1970, never going back within a line. */
    long nowMicros();

    /** The script did its work. */
    record Done<T>(long nowMicros, T value) implements Reply<T> {}

    /** The line has another epoch than the caller's: nothing was done. Upload the replica, and read anew. */
    record StaleEpoch<T>(long nowMicros, long epoch) implements Reply<T> {}

    /** The deadline had passed when the script ran: nothing was done. */
    record Late<T>(long nowMicros) implements Reply<T> {}

    /** Redis has no policy for the room: nothing was done. */
    record NoPolicy<T>(long nowMicros) implements Reply<T> {}
}
