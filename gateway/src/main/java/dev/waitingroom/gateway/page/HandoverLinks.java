package dev.waitingroom.gateway.page;

import dev.waitingroom.gateway.session.HandoverCodec;
import dev.waitingroom.queue.room.Room;
import dev.waitingroom.queue.ticket.Ticket;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Reads the codes of links.
 *
 * @param codes the current codec
 */
record HandoverLinks(Supplier<HandoverCodec> codes, InstantSource clock) {
    /** The ticket of the device that shows the link. Empty if the code is of another room, was changed, or is too old. */
    Optional<Ticket> ticket(Room room, String code) {
        return room.policy()
                .flatMap(policy -> codes.get().verify(code, room.eventId(), policy.incarnation(), clock.instant()));
    }

    /** A code of the place. */
    String code(Ticket ticket) {
        return codes.get().encode(ticket, clock.instant());
    }
}
