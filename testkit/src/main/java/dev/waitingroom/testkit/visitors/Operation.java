package dev.waitingroom.testkit.visitors;

import java.util.Optional;

/** One call of a visitor to a gateway. */
public sealed interface Operation {
    /**
     * Asks for a place.
     *
     * @param eventId which room
     * @param userId the visitor's name, if they give one: whoever joins twice with it has one place
     * @param idempotencyKey names the try, so that a retry of it has one place
     */
    record Join(String eventId, Optional<String> userId, Optional<String> idempotencyKey) implements Operation {}

    /** Asks where the place stands. */
    record Poll(String token) implements Operation {}

    /** Asks to be let in. */
    record Admit(String token) implements Operation {}

    /** Gives the place up. */
    record Leave(String token) implements Operation {}
}
