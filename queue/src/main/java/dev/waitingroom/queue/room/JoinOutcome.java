package dev.waitingroom.queue.room;

import dev.waitingroom.queue.ticket.Ticket;

/** The outcome of a join. */
public sealed interface JoinOutcome {
    /** The visitor has this ticket; {@code status} is what a poll would tell now. */
    record Joined(Ticket ticket, TicketStatus status) implements JoinOutcome {}

    /** The visitor has this ticket, and is admitted. */
    record Admitted(Ticket ticket, AdmitOutcome.Granted grant) implements JoinOutcome {}

    /** The room is full. */
    record Full(long maxLength) implements JoinOutcome {}

    /** The room is in mode Reject; {@code message} may be empty. */
    record Rejected(String message) implements JoinOutcome {}

    /** The room was deleted. */
    record Closed() implements JoinOutcome {}

    /** Redis did not answer in time, or has no policy. The join may have had no effect. */
    record Unavailable(Unavailability why) implements JoinOutcome {}
}
