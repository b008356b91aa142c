package dev.waitingroom.gateway.page;

import dev.waitingroom.gateway.api.TicketResolver;
import dev.waitingroom.gateway.api.TicketResolver.Place;
import dev.waitingroom.gateway.http.Exchange;
import dev.waitingroom.gateway.http.HttpProblem;
import dev.waitingroom.gateway.http.Problem;
import dev.waitingroom.gateway.http.ProblemException;
import dev.waitingroom.gateway.session.SameOrigin;
import dev.waitingroom.gateway.session.VisitorCookie;
import dev.waitingroom.queue.room.Room;
import java.util.Optional;
import java.util.regex.Pattern;

/** Finds the room of a page and the visitor's place in it. Thread-safe. */
final class VisitorPlaces {
    /** The event ids that an object can have. They stand for themselves in a path, and in the name of a cookie. */
    private static final Pattern EVENT_ID = Pattern.compile("[A-Za-z0-9._~-]{1,128}");

    private final TicketResolver tickets;

    VisitorPlaces(TicketResolver tickets) {
        this.tickets = tickets;
    }

    /** Empty if no event can have the id in the path. */
    static Optional<String> idInPath(Exchange x) {
        return Optional.of(x.head().pathVariable())
                .filter(id -> EVENT_ID.matcher(id).matches());
    }

    /** @throws ProblemException if no event can have the id in the path */
    static String eventId(Exchange x) {
        return idInPath(x)
                .orElseThrow(() -> Problem.of(
                                HttpProblem.NOT_FOUND,
                                "there is no such path; an event id has 1..128 of A-Z a-z 0-9 . _ ~ -")
                        .exception());
    }

    /** @throws ProblemException if no room of the event is served, or this process may not know it yet */
    VisitorPlace find(Exchange x, String eventId) {
        Optional<String> token = VisitorCookie.WAITING_TOKEN.value(x.head().cookies(), eventId, x.secure());
        Room room = tickets.room(eventId, token);
        return new VisitorPlace(
                room,
                token.flatMap(
                        text -> tickets.ticketOf(room, text).map(ticket -> new Place.Served(text, ticket, room))));
    }

    /** @throws ProblemException if another site sent the form: it would join, enter or leave for the visitor */
    static void requireSameOrigin(Exchange x) {
        if (!SameOrigin.allows(x.head())) {
            throw Problem.of(
                            HttpProblem.CROSS_SITE,
                            "the form of this page can only be sent by this page; open the page and try again")
                    .exception();
        }
    }
}
