package dev.waitingroom.gateway.api;

import dev.waitingroom.gateway.admission.ReservationIssuer;
import dev.waitingroom.gateway.api.TicketResolver.Place;
import dev.waitingroom.gateway.http.Endpoint;
import dev.waitingroom.gateway.http.Exchange;
import dev.waitingroom.gateway.http.HttpProblem;
import dev.waitingroom.gateway.http.JsonFields;
import dev.waitingroom.gateway.http.Problem;
import dev.waitingroom.queue.room.AdmitOutcome;
import dev.waitingroom.queue.room.JoinOutcome;
import dev.waitingroom.queue.room.Room;
import dev.waitingroom.queue.room.TicketStatus;
import dev.waitingroom.queue.room.VisitorKey;
import dev.waitingroom.queue.ticket.Ticket;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** Takes a place in a line, or gives back the one that the visitor has. Admits the visitor at once where nobody is ahead. */
final class JoinEndpoint implements Endpoint {
    private static final String NAME = "join";
    private static final String EVENT_ID = "event_id";
    private static final String USER_ID = "user_id";
    private static final String ADMIT = "admit";
    private static final Set<String> FIELDS = Set.of(EVENT_ID, USER_ID, WaitingToken.FIELD);
    private static final Set<String> FLAGS = Set.of(ADMIT);

    private final TicketResolver tickets;
    private final ReservationIssuer issuer;
    private final RoomCaller caller;

    JoinEndpoint(TicketResolver tickets, ReservationIssuer issuer, RoomCaller caller) {
        this.tickets = tickets;
        this.issuer = issuer;
        this.caller = caller;
    }

    /**
     * @param key tells visitors apart, so that a retry gets the same place
     * @param userId becomes the subject of the reservation
     * @param admit whether to admit the visitor at once, if that is possible
     */
    private record Visitor(Optional<VisitorKey> key, Optional<String> userId, boolean admit) {}

    @Override
    public void handle(Exchange x) {
        x.body().json(body -> join(x, JsonFields.read(body, FIELDS, FLAGS)));
    }

    private void join(Exchange x, JsonFields fields) {
        String eventId = fields.required(EVENT_ID);
        Optional<String> token =
                fields.raw(WaitingToken.FIELD).or(x.head()::bearerToken).or(() -> WaitingToken.cookie(x, eventId));
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
                .or(() -> x.head().idempotencyKey().map(JoinEndpoint::idempotencyKey));
        return new Visitor(key, userId, fields.flag(ADMIT));
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
            keep(RoomCall.of(x, NAME, place), place, status);
        } else if (status.state() == TicketStatus.State.ADMITTED && visitor.admit()) {
            admitAgain(RoomCall.of(x, NAME, place), place, visitor);
        } else {
            takePlace(x, place.room(), visitor);
        }
    }

    private void keep(RoomCall call, Place.Served place, TicketStatus status) {
        caller.count(call, "kept");
        call.exchange().answer(202, Answers.joined(tickets.encode(place.ticket()), status));
    }

    /** The admission that the ticket has. It takes no token. */
    private void admitAgain(RoomCall call, Place.Served place, Visitor visitor) {
        caller.call(call, () -> place.room().admit(place.ticket(), Duration.ZERO), outcome -> {
            switch (outcome) {
                case AdmitOutcome.Granted granted -> answerAdmitted(call, place.ticket(), granted);
                case AdmitOutcome.NotYet not -> keep(call, place, not.status());
                case AdmitOutcome.BucketEmpty empty -> keep(call, place, empty.status());
                case AdmitOutcome.Gone gone -> takePlace(call.exchange(), place.room(), visitor);
                case AdmitOutcome.Unavailable failed -> caller.answerUnavailable(call, failed.why());
            }
        });
    }

    private void answerAdmitted(RoomCall call, Ticket ticket, AdmitOutcome.Granted granted) {
        caller.count(call, "admitted");
        Exchange x = call.exchange();
        x.await(
                issuer.issue(ticket, granted),
                reservation -> x.answer(200, Answers.joinedAndAdmitted(tickets.encode(ticket), reservation)));
    }

    private void takePlace(Exchange x, Room room, Visitor visitor) {
        RoomCall call = new RoomCall(x, NAME, room, Optional.empty());
        caller.call(
                call,
                () -> room.join(visitor.key(), visitor.userId(), visitor.admit()),
                outcome -> answer(call, outcome));
    }

    private void answer(RoomCall call, JoinOutcome outcome) {
        Exchange x = call.exchange();
        switch (outcome) {
            case JoinOutcome.Joined joined -> {
                caller.count(call, "joined");
                x.answer(202, Answers.joined(tickets.encode(joined.ticket()), joined.status()));
            }
            case JoinOutcome.Admitted admitted -> answerAdmitted(call, admitted.ticket(), admitted.grant());
            case JoinOutcome.Full full -> {
                caller.count(call, "full");
                x.answer(Problem.retry(
                        QueueProblem.QUEUE_FULL,
                        "the room is full: at most " + full.maxLength() + " may wait",
                        CallTimes.FULL_RETRY));
            }
            case JoinOutcome.Rejected rejected -> {
                caller.count(call, "rejected");
                String message = rejected.message().isEmpty() ? "joins are closed" : rejected.message();
                x.answer(Problem.retry(QueueProblem.JOINS_CLOSED, message, CallTimes.CLOSED_RETRY));
            }
            case JoinOutcome.Closed closed -> x.answer(TicketResolver.unknown().problem());
            case JoinOutcome.Unavailable failed -> caller.answerUnavailable(call, failed.why());
        }
    }
}
