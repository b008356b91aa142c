package dev.waitingroom.testkit.visitors;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** The answer of a gateway, or that there was none. */
public sealed interface Answer {
    /**
     * A place in line.
     *
     * @param token the ticket that the visitor shows from now on
     * @param position 1 is next
     * @param eta the estimated wait
     * @param pollAfter when to poll
     */
    record Joined(String token, long position, Duration eta, Duration pollAfter) implements Answer {}

    /**
     * The status of a place.
     *
     * @param state waiting, admitted, expired, left or closed
     * @param position 1 is next; 0 unless waiting
     * @param eta empty if the gateway has no estimate
     * @param waited time since the join, whole seconds
     * @param ready whether an admit now should succeed
     * @param onHold whether the room is in mode Hold
     * @param pollAfter when to poll again
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
     * Admitted.
     *
     * @param reservationToken a JWT for the service behind the room
     * @param ttl how long an admission is valid
     * @param expiresAt when this one expires
     */
    record Admitted(String reservationToken, Duration ttl, Instant expiresAt) implements Answer {}

    /**
     * Admitted with the join.
     *
     * @param token the ticket
     * @param admission what an admit would have given
     */
    record Entered(String token, Admitted admission) implements Answer {}

    /** The place was given up. */
    record Left() implements Answer {}

    /**
     * Refused (RFC 9457).
     *
     * @param status the HTTP status
     * @param code the name of the problem
     * @param detail for people
     * @param retryAfter when to try again, if the answer says so
     */
    record Refused(int status, String code, String detail, Optional<Duration> retryAfter) implements Answer {}

    /**
     * An answer that does not follow the API contract.
     *
     * @param status the HTTP status
     * @param why what is wrong with it
     */
    record Unreadable(int status, String why) implements Answer {}

    /** No answer came. The call may have had its effect, or have it later. */
    record Lost(String why) implements Answer {}
}
