package dev.waitingroom.queue.room;

import dev.waitingroom.queue.ticket.Ticket;

/** How a move of a place to another device ended. */
public sealed interface MoveOutcome {
    /** @param ticket the new device's; those of all other devices have no place from now on */
    record Moved(Ticket ticket) implements MoveOutcome {}

    /** Another device has taken the place already. */
    record TakenAlready() implements MoveOutcome {}

    /** There is no place any more. */
    record Over(TicketStatus.State state) implements MoveOutcome {}

    record Unavailable(Unavailability why) implements MoveOutcome {}
}
