package dev.waitingroom.gateway.page;

import dev.waitingroom.gateway.api.TicketResolver.Place;
import dev.waitingroom.queue.room.Room;
import java.util.Optional;

/**
 * The room of a page, and the place that the visitor's cookie names in it.
 *
 * @param room as this process serves it
 * @param place empty if the visitor has none, or one of an earlier room of this name
 */
record VisitorPlace(Room room, Optional<Place.Served> place) {}
