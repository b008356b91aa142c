package dev.waitingroom.gateway;

import dev.waitingroom.gateway.session.HandoverCodec;
import dev.waitingroom.gateway.session.SessionCodec;
import dev.waitingroom.queue.ticket.TicketCodec;
import dev.waitingroom.queue.ticket.TicketKeys;

/** What a file of ticket keys is good for. */
record VisitorCodecs(TicketCodec tickets, SessionCodec sessions, HandoverCodec handovers) {
    static VisitorCodecs parse(String json) {
        TicketKeys keys = TicketKeys.parse(json);
        return new VisitorCodecs(new TicketCodec(keys), new SessionCodec(keys), new HandoverCodec(keys));
    }
}
