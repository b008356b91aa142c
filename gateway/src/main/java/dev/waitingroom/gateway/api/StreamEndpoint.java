package dev.waitingroom.gateway.api;

import dev.waitingroom.gateway.api.TicketResolver.Place;
import dev.waitingroom.gateway.http.Endpoint;
import dev.waitingroom.gateway.http.EventStreams;
import dev.waitingroom.gateway.http.Exchange;
import dev.waitingroom.queue.room.TicketStatus;
import io.vertx.core.http.HttpHeaders;

/** Tells where a place stands whenever that changes, as a stream of events. To an open stream a visitor does not poll. */
final class StreamEndpoint implements Endpoint {
    private static final String NAME = "stream";

    /** A browser then does not connect again (WHATWG HTML, 9.2.3). */
    private static final int NO_CONTENT = 204;

    private final TicketResolver tickets;
    private final RoomCaller caller;
    private final EventStreams streams;

    StreamEndpoint(TicketResolver tickets, RoomCaller caller, EventStreams streams) {
        this.tickets = tickets;
        this.caller = caller;
        this.streams = streams;
    }

    @Override
    public void handle(Exchange x) {
        switch (tickets.resolve(WaitingToken.of(x))) {
            case Place.Served place -> {
                tickets.requireLine(place);
                caller.whenSettled(x, NAME, place, () -> answer(x, place));
            }
            case Place.Closed closed -> answerOver(x);
        }
    }

    private void answer(Exchange x, Place.Served place) {
        TicketStatus status = place.room().status(place.ticket());
        if (status.state() == TicketStatus.State.WAITING) {
            x.stream(streams, StatusFeed.event(status), new StatusFeed(tickets, place, status, streams.nanoTime()));
        } else {
            answerOver(x);
        }
    }

    private static void answerOver(Exchange x) {
        x.header(
                HttpHeaders.CACHE_CONTROL,
                "no-store"); // a cache may store even this status, and the visitor may join again
        x.answerEmpty(NO_CONTENT);
    }
}
