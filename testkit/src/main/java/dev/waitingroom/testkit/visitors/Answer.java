package dev.waitingroom.testkit.visitors;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What came back from a gateway, or did not. */
public sealed interface Answer {
    /**
     * A place in line.
     *
     * @param token what the visitor shows from now on
     * @param position 1 is next
     * @param eta how long it will take, as far as the gateway can tell
     * @param pollAfter when to ask
     */
    record Joined(String token, long position, Duration eta, Duration pollAfter) implements Answer {}

    /**
     * Where a place stands.
     *
     * @param state waiting, admitted, expired, left or closed
     * @param position 1 is next; 0 unless waiting
     * @param eta empty where the gateway cannot tell
     * @param waited since the place was taken, whole seconds
     * @param ready whether an admit now is expected to be granted
     * @param onHold the room is in mode Hold
     * @param pollAfter when to ask again
     * @param asOf the moment at which this was true, by Redis' clock
     */
    record Standing(
            String state,
            long position,
            Optional<Duration> eta,
            Duration waited,
            boolean ready,
            boolean onHold,
            Duration pollAfter,
            Instant asOf)
            implements Answer {
        public boolean waiting() {
            return state.equals("waiting");
        }
    }

    /**
     * Let in.
     *
     * @param reservationToken a JWT for the service behind the room
     * @param ttl how long an admission is good for
     * @param expiresAt until when this one is
     */
    record Admitted(String reservationToken, Duration ttl, Instant expiresAt) implements Answer {}

    /** Given up. */
    record Left() implements Answer {}

    /**
     * Refused (RFC 9457).
     *
     * @param status of HTTP
     * @param code the service's name for it
     * @param detail for people
     * @param retryAfter when to try again, if it says so
     */
    record Refused(int status, String code, String detail, Optional<Duration> retryAfter) implements Answer {}

    /**
     * What a gateway should not answer: nobody can read it as the API has it.
     *
     * @param status of HTTP
     * @param why what is wrong with it
     */
    record Unreadable(int status, String why) implements Answer {}

    /** No answer came: the call may have had its effect, or have it yet. */
    record Lost(String why) implements Answer {}
}
