package dev.waitingroom.gateway.api;

import dev.waitingroom.gateway.http.HttpProblem;
import dev.waitingroom.gateway.http.Problem;
import dev.waitingroom.gateway.http.ProblemException;
import dev.waitingroom.queue.room.Room;
import dev.waitingroom.queue.room.RoomRegistry;
import dev.waitingroom.queue.room.TicketStatus;
import dev.waitingroom.queue.ticket.DecodedTicket;
import dev.waitingroom.queue.ticket.Ticket;
import dev.waitingroom.queue.ticket.TicketCodec;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/** Finds the room that an event or a token belongs to. */
final class TicketResolver {
    private static final Duration CLOSED_POLL = Duration.ofMinutes(1);
    private static final Duration STARTING_RETRY = Duration.ofSeconds(1);

    /** What this process knows of the gateway's rooms is no older while Redis answers. */
    private static final Duration LIST_AGE = Duration.ofSeconds(3);

    private final RoomRegistry registry;
    private final Supplier<TicketCodec> tokens;
    private final InstantSource clock;
    private final UnavailabilityReporter unavailable;

    TicketResolver(
            RoomRegistry registry,
            Supplier<TicketCodec> tokens,
            InstantSource clock,
            UnavailabilityReporter unavailable) {
        this.registry = registry;
        this.tokens = tokens;
        this.clock = clock;
        this.unavailable = unavailable;
    }

    /** What a token stands for. */
    sealed interface Place {
        String token();

        Ticket ticket();

        /** A ticket of a room that is served here. */
        record Served(String token, Ticket ticket, Room room) implements Place {}

        /** A ticket of a room that was deleted; there may be another one of the same name. */
        record Closed(String token, Ticket ticket) implements Place {}
    }

    /**
     * @param token that is presented with the event; need not be of it, nor be one at all
     * @throws ProblemException if the gateway does not serve the event, or this gateway may have yet to hear of it
     */
    Room room(String eventId, Optional<String> token) {
        return registry.room(eventId).orElseThrow(() -> {
            Optional<Ticket> ticket =
                    token.flatMap(this::decode).filter(own -> own.eventId().equals(eventId));
            if (ticket.filter(this::isOfANewRoom).isPresent()) {
                return starting(eventId, ticket);
            }
            boolean likely = ticket.isPresent() || registry.rooms().isEmpty();
            boolean unheardOf = !registry.settled() && registry.deleted(eventId).isEmpty();
            return likely && unheardOf ? starting(eventId, ticket) : unknown();
        });
    }

    /** @throws ProblemException if the token is missing or not ours, or its event is not served or yet to be heard of */
    Place resolve(Optional<String> token) {
        String text = token.orElseThrow(() -> Problem.of(
                        HttpProblem.MISSING_FIELD,
                        "the waiting token is missing; send it as Authorization: Bearer, as ?token=, or as waiting_token in the body of a POST")
                .exception());
        Ticket ticket = decode(text)
                .orElseThrow(() -> Problem.of(QueueProblem.INVALID_TOKEN, "the waiting token was not issued here")
                        .exception());
        Optional<Room> room = registry.room(ticket.eventId());
        if (room.filter(served -> serves(served, ticket)).isPresent()) {
            return new Place.Served(text, ticket, room.get());
        }
        if (isDeleted(ticket)) {
            return new Place.Closed(text, ticket);
        }
        if (isOfANewRoom(ticket)) {
            throw starting(ticket.eventId(), Optional.of(ticket));
        }
        if (room.isEmpty() && registry.deleted(ticket.eventId()).isEmpty()) {
            throw registry.settled() ? unknown() : starting(ticket.eventId(), Optional.of(ticket));
        }
        return new Place.Closed(text, ticket);
    }

    private boolean isDeleted(Ticket ticket) {
        OptionalLong deleted = registry.deleted(ticket.eventId());
        return deleted.isPresent() && deleted.getAsLong() == ticket.incarnation();
    }

    /** Whether another gateway may serve this ticket's room since a moment ago, in place of one that was deleted. */
    private boolean isOfANewRoom(Ticket ticket) {
        return !isDeleted(ticket) && ticket.issuedAt().isAfter(clock.instant().minus(LIST_AGE));
    }

    static ProblemException unknown() {
        return Problem.of(QueueProblem.UNKNOWN_EVENT, "no waiting room for this event_id is served here")
                .exception();
    }

    /** Memory cannot say yet. */
    private ProblemException starting(String eventId, Optional<Ticket> ticket) {
        unavailable.starting(eventId, ticket);
        return Problem.retry(
                        QueueProblem.STARTING, "this gateway has yet to read the line; places are kept", STARTING_RETRY)
                .exception();
    }

    /** @throws ProblemException if this gateway cannot say yet where the room's ticket stands */
    void requireLine(Place.Served place) {
        if (place.room().policy().isEmpty()) {
            throw starting(place.room().eventId(), Optional.of(place.ticket()));
        }
    }

    /** The ticket that the token stands for, if it is one of this very room. */
    Optional<Ticket> ticketOf(Room room, String token) {
        return decode(token).filter(ticket -> ticket.eventId().equals(room.eventId()) && serves(room, ticket));
    }

    private Optional<Ticket> decode(String token) {
        return switch (tokens.get().decode(token)) {
            case DecodedTicket.Valid valid -> Optional.of(valid.ticket());
            case DecodedTicket.Invalid invalid -> Optional.empty();
        };
    }

    String encode(Ticket ticket) {
        return tokens.get().encode(ticket);
    }

    /** What is told of a ticket of a room that was deleted. */
    TicketStatus closed(Ticket ticket) {
        Duration waited = Duration.between(ticket.issuedAt(), clock.instant());
        return new TicketStatus(
                TicketStatus.State.CLOSED,
                0,
                Optional.empty(),
                waited.isNegative() ? Duration.ZERO : waited,
                false,
                false,
                CLOSED_POLL,
                clock.instant());
    }

    private static boolean serves(Room room, Ticket ticket) {
        return room.policy()
                .map(policy -> policy.incarnation() == ticket.incarnation())
                .orElse(true);
    }
}
