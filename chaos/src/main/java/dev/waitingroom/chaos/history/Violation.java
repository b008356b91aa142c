package dev.waitingroom.chaos.history;

import java.util.List;

/**
 * A broken promise.
 *
 * @param promise which one
 * @param at when it was seen, µs since 1970
 * @param what the figures that show it
 * @param tickets the tickets concerned; empty if it concerns no single ticket
 */
public record Violation(Promise promise, long at, String what, List<Long> tickets) {
    public Violation {
        tickets = List.copyOf(tickets);
    }

    /** The guarantees of {@code docs/concepts.md}, in its order, and five more properties. */
    public enum Promise {
        RATE,
        ORDER,
        ONCE,
        POSITION,
        PLACE,
        WITHOUT_REDIS,
        /** Not one of the six: every call is answered as the API contract says. */
        ANSWER,
        /** Not one of the six: an estimate follows a known change, and moves like the line. */
        ETA,
        /** Not one of the six: in a room with {@code maxActive} no more sessions are active than that. */
        ACTIVE,
        /** Not one of the six: nobody is let in with a session that stems from no admission, has expired, or was ended. */
        ADMISSION,
        /** Not one of the six: in a room with {@code maxActive} a place that is free is given to the next visitor. */
        IDLE
    }
}
