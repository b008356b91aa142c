package dev.waitingroom.gateway.verify;

import dev.waitingroom.gateway.protect.ProtectedRoom;
import java.util.Optional;

/** What a proxy is told, in whichever dialect. */
sealed interface Outcome {
    /**
     * The request may pass.
     *
     * @param cookie a {@code Set-Cookie} that renews the visitor's session
     */
    record Passes(ProtectedRoom room, Optional<String> cookie) implements Outcome {}

    /**
     * Its visitor must wait first.
     *
     * @param eventId of the page; the page of no event says that there is none
     */
    record Waits(String eventId) implements Outcome {}
}
