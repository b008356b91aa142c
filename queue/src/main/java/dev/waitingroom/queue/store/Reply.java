package dev.waitingroom.queue.store;

/** What a room's script answered. Every answer tells Redis' clock. */
public sealed interface Reply<T> {
    /** Redis' clock, µs since 1970, never going back within a line. */
    long nowMicros();

    /** The script did its work. */
    record Done<T>(long nowMicros, T value) implements Reply<T> {}

    /** The caller knows another epoch than {@code epoch}, the line's: nothing was done; merge what you know and read anew. */
    record StaleEpoch<T>(long nowMicros, long epoch) implements Reply<T> {}

    /** The deadline had passed when the script ran: nothing was done. */
    record Late<T>(long nowMicros) implements Reply<T> {}

    /** Redis holds no policy for the room: nothing was done. */
    record NoPolicy<T>(long nowMicros) implements Reply<T> {}
}
