package dev.waitingroom.queue.room;

import java.time.Duration;

/**
 * Why a call that needs Redis was not carried out.
 *
 * @param cause what went wrong
 * @param detail one sentence for the log; never shown to a visitor
 * @param retryAfter when it makes sense to ask again
 */
public record Unavailability(Cause cause, String detail, Duration retryAfter) {
    /** What went wrong. */
    public enum Cause {
        /** No answer from Redis in time, or no connection. */
        REDIS_UNREACHABLE,
        /** Redis answered with an error (read-only, out of memory, loading, no permission). */
        REDIS_REFUSED,
        /** Redis holds no policy for the room; the operator has yet to put it (back) there. */
        NO_POLICY,
        /** The line is being put back after Redis lost some of it. */
        RECOVERING,
        /** More requests are under way here than this process takes on. */
        OVERLOADED
    }
}
