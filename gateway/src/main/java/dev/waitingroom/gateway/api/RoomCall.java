package dev.waitingroom.gateway.api;

import dev.waitingroom.gateway.api.TicketResolver.Place;
import dev.waitingroom.gateway.http.Exchange;
import dev.waitingroom.queue.room.Room;
import java.util.Optional;

/**
 * A request that concerns a room.
 *
 * @param name for metrics and logs
 * @param place the visitor's, if there is one yet
 */
public record RoomCall(Exchange exchange, String name, Room room, Optional<Place.Served> place) {
    public static RoomCall of(Exchange exchange, String name, Place.Served place) {
        return new RoomCall(exchange, name, place.room(), Optional.of(place));
    }
}
