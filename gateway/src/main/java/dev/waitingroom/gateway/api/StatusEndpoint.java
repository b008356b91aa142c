package dev.waitingroom.gateway.api;

import dev.waitingroom.gateway.api.TicketResolver.Place;
import dev.waitingroom.gateway.http.Endpoint;
import dev.waitingroom.gateway.http.Exchange;

/**
 * Answers where a place stands. This is the hot path: it reads memory, does not wait, and writes one array. There is one exception: if the
 * place ended on another gateway pod, the first poll here waits for Redis.
 */
final class StatusEndpoint implements Endpoint {
    private static final String NAME = "status";

    private final TicketResolver tickets;
    private final RoomCaller caller;

    StatusEndpoint(TicketResolver tickets, RoomCaller caller) {
        this.tickets = tickets;
        this.caller = caller;
    }

    @Override
    public void handle(Exchange x) {
        switch (tickets.resolve(WaitingToken.of(x))) {
            case Place.Served place -> {
                tickets.requireLine(place);
                caller.whenSettled(
                        x,
                        NAME,
                        place,
                        () -> x.answer(200, Answers.status(place.room().status(place.ticket()))));
            }
            case Place.Closed place -> x.answer(200, Answers.status(tickets.closed(place.ticket())));
        }
    }
}
