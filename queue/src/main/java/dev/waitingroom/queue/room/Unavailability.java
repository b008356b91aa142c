package dev.waitingroom.queue.room;

import java.time.Duration;

/**
 * Why a request that needs Redis was not carried out.
 *
 * @param cause what went wrong
 * @param detail one sentence for the log; never shown to a visitor
 * @param retryAfter after which the visitor may try again
 */
public record Unavailability(Cause cause, String detail, Duration retryAfter) {
    /** What went wrong. */
    public enum Cause {
        /** No answer from Redis in time, or no connection. */
        REDIS_UNREACHABLE,
        /** Redis answered with an error (read-only, out of memory, loading, no permission). */
        REDIS_REFUSED,
        /** Redis has no policy for the room. The operator has yet to write it, or to write it again. */
        NO_POLICY,
        /** The line is being put back after Redis lost some of it. */
        RECOVERING,
        /** This process is overloaded: more requests wait than it accepts. */
        OVERLOADED
    }
}
