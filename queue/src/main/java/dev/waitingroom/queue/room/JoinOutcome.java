package dev.waitingroom.queue.room;

import dev.waitingroom.queue.ticket.Ticket;

/** What became of a join. */
public sealed interface JoinOutcome {
    /** The visitor holds this ticket; {@code status} is what a poll would say now. */
    record Joined(Ticket ticket, TicketStatus status) implements JoinOutcome {}

    /** As many wait as may. */
    record Full(long maxLength) implements JoinOutcome {}

    /** The room is in mode Reject; {@code message} may be empty. */
    record Rejected(String message) implements JoinOutcome {}

    /** The room was deleted. */
    record Closed() implements JoinOutcome {}

    /** Redis did not answer in time, or holds no policy; nothing is known to have happened. */
    record Unavailable(Unavailability why) implements JoinOutcome {}
}
