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

/** Finds the room of an event or of a waiting token. */
public final class TicketResolver {
    private static final Duration CLOSED_POLL = Duration.ofMinutes(1);
    private static final Duration STARTING_RETRY = Duration.ofSeconds(1);

    /** The maximum age of this process's list of rooms while Redis answers. */
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

    /** The place that a token stands for. */
    public sealed interface Place {
        String token();

        Ticket ticket();

        /** A ticket of a room that this process serves. */
        record Served(String token, Ticket ticket, Room room) implements Place {}

        /** A ticket of a deleted room. There may be a new room of the same name. */
        record Closed(String token, Ticket ticket) implements Place {}
    }

    /**
     * @param token a token presented with the event; it may be of another event, or invalid
     * @throws ProblemException if no room of the event is served, or this process may not know it yet
     */
    public Room room(String eventId, Optional<String> token) {
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

    /** @throws ProblemException if the token is missing or invalid, or its event is unknown, or may not be known yet */
    Place resolve(Optional<String> token) {
        String text = token.orElseThrow(() -> Problem.of(
                        HttpProblem.MISSING_FIELD,
                        "the waiting token is missing; send it as Authorization: Bearer, as ?token=, or as waiting_token in the body of a POST")
                .exception());
        Ticket ticket = decode(text)
                .orElseThrow(() -> Problem.of(QueueProblem.INVALID_TOKEN, "the waiting token was not issued here")
                        .exception());
        return place(text, ticket);
    }

    /**
     * The place of a ticket whose token was valid.
     *
     * @throws ProblemException if its event is unknown, or may not be known yet
     */
    Place place(String token, Ticket ticket) {
        Optional<Room> room = registry.room(ticket.eventId());
        if (room.filter(served -> serves(served, ticket)).isPresent()) {
            return new Place.Served(token, ticket, room.get());
        }
        if (isDeleted(ticket)) {
            return new Place.Closed(token, ticket);
        }
        if (isOfANewRoom(ticket)) {
            throw starting(ticket.eventId(), Optional.of(ticket));
        }
        if (room.isEmpty() && registry.deleted(ticket.eventId()).isEmpty()) {
            throw registry.settled() ? unknown() : starting(ticket.eventId(), Optional.of(ticket));
        }
        return new Place.Closed(token, ticket);
    }

    private boolean isDeleted(Ticket ticket) {
        OptionalLong deleted = registry.deleted(ticket.eventId());
        return deleted.isPresent() && deleted.getAsLong() == ticket.incarnation();
    }

    /** Whether the ticket may be of a new room, which another gateway pod knows already. */
    private boolean isOfANewRoom(Ticket ticket) {
        return !isDeleted(ticket) && ticket.issuedAt().isAfter(clock.instant().minus(LIST_AGE));
    }

    static ProblemException unknown() {
        return Problem.of(QueueProblem.UNKNOWN_EVENT, "no waiting room for this event_id is served here")
                .exception();
    }

    /** The answer while this process does not know enough. */
    private ProblemException starting(String eventId, Optional<Ticket> ticket) {
        unavailable.starting(eventId, ticket);
        return Problem.retry(
                        QueueProblem.STARTING,
                        "this gateway process has not read the line yet; places are kept",
                        STARTING_RETRY)
                .exception();
    }

    /** @throws ProblemException if this process has not read the line of the room yet */
    void requireLine(Place.Served place) {
        if (place.room().policy().isEmpty()) {
            throw starting(place.room().eventId(), Optional.of(place.ticket()));
        }
    }

    /** The ticket of the token, if it belongs to this room, not to a deleted one of its name. */
    public Optional<Ticket> ticketOf(Room room, String token) {
        return decode(token).filter(ticket -> ticket.eventId().equals(room.eventId()) && serves(room, ticket));
    }

    private Optional<Ticket> decode(String token) {
        return switch (tokens.get().decode(token)) {
            case DecodedTicket.Valid valid -> Optional.of(valid.ticket());
            case DecodedTicket.Invalid invalid -> Optional.empty();
        };
    }

    public String encode(Ticket ticket) {
        return tokens.get().encode(ticket);
    }

    /** The status of a ticket of a deleted room. */
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
