package dev.waitingroom.testkit.visitors;

import java.util.Optional;

/** One call of a visitor to a gateway. */
public sealed interface Operation {
    /**
     * Takes a place.
     *
     * @param eventId names the room
     * @param userId the visitor's id, if there is one: two joins with the same id have one place
     * @param idempotencyKey names the join, so that a retry gets the same place
     * @param admit whether it asks to be admitted at once
     */
    record Join(String eventId, Optional<String> userId, Optional<String> idempotencyKey, boolean admit)
            implements Operation {
        /** A join that only takes a place. */
        public Join(String eventId, Optional<String> userId, Optional<String> idempotencyKey) {
            this(eventId, userId, idempotencyKey, false);
        }
    }

    /** Asks for the status of the place. */
    record Poll(String token) implements Operation {}

    /** Asks to enter. */
    record Admit(String token) implements Operation {}

    /** Gives the place up. */
    record Leave(String token) implements Operation {}
}
