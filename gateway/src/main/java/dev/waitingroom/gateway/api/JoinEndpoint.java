package dev.waitingroom.gateway.api;

import dev.waitingroom.gateway.api.TicketResolver.Place;
import dev.waitingroom.gateway.http.Endpoint;
import dev.waitingroom.gateway.http.Exchange;
import dev.waitingroom.gateway.http.HttpProblem;
import dev.waitingroom.gateway.http.JsonFields;
import dev.waitingroom.gateway.http.Problem;
import dev.waitingroom.queue.room.JoinOutcome;
import dev.waitingroom.queue.room.Room;
import dev.waitingroom.queue.room.TicketStatus;
import dev.waitingroom.queue.room.VisitorKey;
import dev.waitingroom.queue.ticket.Ticket;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** Takes a place in a line, or gives back the one that the visitor has. */
final class JoinEndpoint implements Endpoint {
    private static final String NAME = "join";
    private static final Duration FULL_RETRY = Duration.ofSeconds(10);
    private static final Duration CLOSED_RETRY = Duration.ofSeconds(30);
    private static final String EVENT_ID = "event_id";
    private static final String USER_ID = "user_id";
    private static final Set<String> FIELDS = Set.of(EVENT_ID, USER_ID, WaitingToken.FIELD);

    private final TicketResolver tickets;
    private final RoomCaller caller;

    JoinEndpoint(TicketResolver tickets, RoomCaller caller) {
        this.tickets = tickets;
        this.caller = caller;
    }

    /**
     * @param key tells visitors apart, so that a retry gets the same place
     * @param userId becomes the subject of the reservation
     */
    private record Visitor(Optional<VisitorKey> key, Optional<String> userId) {}

    @Override
    public void handle(Exchange x) {
        x.jsonBody(body -> join(x, JsonFields.read(body, FIELDS)));
    }

    private void join(Exchange x, JsonFields fields) {
        String eventId = fields.required(EVENT_ID);
        Optional<String> token =
                fields.raw(WaitingToken.FIELD).or(x::bearerToken).or(() -> WaitingToken.cookie(x, eventId));
        Room room = tickets.room(eventId, token);
        Visitor visitor = visitor(x, fields);
        Optional<Ticket> presented = token.flatMap(text -> tickets.ticketOf(room, text));
        if (presented.isEmpty()) {
            takePlace(x, room, visitor);
            return;
        }
        Place.Served place = new Place.Served(token.get(), presented.get(), room);
        tickets.requireLine(place);
        caller.whenSettled(x, NAME, place, () -> keepOrTakePlace(x, place, visitor));
    }

    private static Visitor visitor(Exchange x, JsonFields fields) {
        Optional<String> userId = fields.text(USER_ID);
        Optional<VisitorKey> key = userId.map(id -> new VisitorKey(VisitorKey.Kind.USER_ID, id))
                .or(() -> x.idempotencyKey().map(JoinEndpoint::idempotencyKey));
        return new Visitor(key, userId);
    }

    private static VisitorKey idempotencyKey(String value) {
        if (value.isEmpty()
                || value.length() > JsonFields.MAX_TEXT
                || value.chars().anyMatch(c -> c < ' ' || c > '~')) {
            throw Problem.of(
                            HttpProblem.INVALID_FIELD,
                            "Idempotency-Key must have 1.." + JsonFields.MAX_TEXT + " printable ASCII characters")
                    .exception();
        }
        return new VisitorKey(VisitorKey.Kind.IDEMPOTENCY_KEY, value);
    }

    private void keepOrTakePlace(Exchange x, Place.Served place, Visitor visitor) {
        TicketStatus status = place.room().status(place.ticket());
        if (status.state() == TicketStatus.State.WAITING) {
            caller.count(RoomCall.of(x, NAME, place), "kept");
            x.answer(202, Answers.joined(tickets.encode(place.ticket()), status));
        } else {
            takePlace(x, place.room(), visitor);
        }
    }

    private void takePlace(Exchange x, Room room, Visitor visitor) {
        RoomCall call = new RoomCall(x, NAME, room, Optional.empty());
        caller.call(call, () -> room.join(visitor.key(), visitor.userId()), outcome -> answer(call, outcome));
    }

    private void answer(RoomCall call, JoinOutcome outcome) {
        Exchange x = call.exchange();
        switch (outcome) {
            case JoinOutcome.Joined joined -> {
                caller.count(call, "joined");
                x.answer(202, Answers.joined(tickets.encode(joined.ticket()), joined.status()));
            }
            case JoinOutcome.Full full -> {
                caller.count(call, "full");
                x.answer(Problem.retry(
                        QueueProblem.QUEUE_FULL,
                        "the room is full: at most " + full.maxLength() + " may wait",
                        FULL_RETRY));
            }
            case JoinOutcome.Rejected rejected -> {
                caller.count(call, "rejected");
                String message = rejected.message().isEmpty() ? "joins are closed" : rejected.message();
                x.answer(Problem.retry(QueueProblem.JOINS_CLOSED, message, CLOSED_RETRY));
            }
            case JoinOutcome.Closed closed -> x.answer(TicketResolver.unknown().problem());
            case JoinOutcome.Unavailable failed -> caller.answerUnavailable(call, failed.why());
        }
    }
}
