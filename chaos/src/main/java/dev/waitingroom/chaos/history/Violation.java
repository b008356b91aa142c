package dev.waitingroom.chaos.history;

/**
 * A promise that was broken.
 *
 * @param promise which
 * @param at when it was seen, µs since 1970
 * @param what the figures that show it
 */
public record Violation(Promise promise, long at, String what) {
    /** What must always hold; see the end of the design. */
    public enum Promise {
        RATE,
        ORDER,
        ONCE,
        POSITION,
        PLACE,
        WITHOUT_REDIS
    }
}
