package dev.waitingroom.gateway.session;

import dev.waitingroom.gateway.admission.ReservationId;
import dev.waitingroom.queue.ticket.Ticket;
import java.time.Instant;
import java.util.OptionalLong;

/**
 * An admission that lasts, as the visitor's cookie carries it. Nothing is stored for it.
 *
 * @param eventId the event that the visitor was admitted to
 * @param incarnation which room of that name admitted, see {@link dev.waitingroom.queue.policy.Policy#incarnation}
 * @param id the {@code jti} of the reservation: 22 characters of base64url
 * @param ticket the number of the ticket that was admitted; empty for a visitor who needed none
 * @param expiresAt in whole milliseconds
 */
public record Session(String eventId, long incarnation, String id, OptionalLong ticket, Instant expiresAt) {
    /** The session of a visitor who was just admitted. */
    public static Session of(Ticket ticket, Instant expiresAt) {
        return new Session(
                ticket.eventId(),
                ticket.incarnation(),
                ReservationId.of(ticket),
                OptionalLong.of(ticket.number()),
                expiresAt);
    }

    /** The same session with another end. */
    public Session until(Instant newExpiresAt) {
        return new Session(eventId, incarnation, id, ticket, newExpiresAt);
    }
}
