package dev.waitingroom.gateway.http;

import dev.waitingroom.queue.ticket.Ticket;
import java.util.Optional;

/** Tickets as visitors carry them. */
public interface TicketTokens {
    String encode(Ticket ticket);

    /** Empty unless one of our keys signed it. */
    Optional<Ticket> decode(String token);
}
