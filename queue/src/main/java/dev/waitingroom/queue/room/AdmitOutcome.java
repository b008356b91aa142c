package dev.waitingroom.queue.room;

import java.time.Duration;
import java.time.Instant;

/** The outcome of an admit. */
public sealed interface AdmitOutcome {
    /** Admitted, now or earlier. A repeated call gets the same {@code grantedAt} (Redis' clock, whole milliseconds). */
    record Granted(Instant grantedAt, Duration reservationTtl) implements AdmitOutcome {}

    /** The turn has not come, or the room is on hold. */
    record NotYet(TicketStatus status, Duration retryAfter) implements AdmitOutcome {}

    /** The turn has come, but no token came in the time given. */
    record BucketEmpty(TicketStatus status, Duration retryAfter) implements AdmitOutcome {}

    /** The place is lost: {@code state} is EXPIRED (silent, missed the turn, or reservation over), LEFT or CLOSED. */
    record Gone(TicketStatus.State state) implements AdmitOutcome {}

    /** Redis did not answer in time, or the line is recovering from a loss. The place is kept. */
    record Unavailable(Unavailability why) implements AdmitOutcome {}
}
