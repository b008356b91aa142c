package dev.waitingroom.gateway.api;

import dev.waitingroom.gateway.admission.ReservationIssuer;
import dev.waitingroom.gateway.api.TicketResolver.Place;
import dev.waitingroom.gateway.http.BeaconBody;
import dev.waitingroom.gateway.http.Exchange;
import dev.waitingroom.gateway.http.HttpProblem;
import dev.waitingroom.gateway.http.InFlightLimiter;
import dev.waitingroom.gateway.http.JsonFields;
import dev.waitingroom.gateway.http.Problem;
import dev.waitingroom.gateway.http.Route;
import dev.waitingroom.gateway.metrics.CallMeter;
import dev.waitingroom.queue.room.AdmitOutcome;
import dev.waitingroom.queue.room.JoinOutcome;
import dev.waitingroom.queue.room.LeaveOutcome;
import dev.waitingroom.queue.room.Room;
import dev.waitingroom.queue.room.TicketStatus;
import dev.waitingroom.queue.room.Unavailability;
import dev.waitingroom.queue.room.VisitorKey;
import dev.waitingroom.queue.ticket.Ticket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** What visitors call: join, status, admit, leave. */
final class QueueApi {
    /** How long an admit is held for a token, unless the caller prefers less. */
    static final Duration MAX_WAIT = Duration.ofSeconds(2);

    /** Of all rooms: as many as one of them takes of a kind. */
    static final int MAX_UNDER_WAY = 20_000;

    private static final Duration FULL_RETRY = Duration.ofSeconds(10);
    private static final Duration CLOSED_RETRY = Duration.ofSeconds(30);
    private static final Unavailability NOT_SAID = new Unavailability(
            Unavailability.Cause.REDIS_UNREACHABLE,
            "Redis did not say in time where the ticket stands",
            Duration.ofSeconds(1));
    private static final Unavailability OVERLOADED = new Unavailability(
            Unavailability.Cause.OVERLOADED, MAX_UNDER_WAY + " calls are under way", Duration.ofSeconds(1));
    private static final String EVENT_ID = "event_id";
    private static final String USER_ID = "user_id";
    private static final String WAITING_TOKEN = "waiting_token";
    private static final String TOKEN = "token";
    private static final Set<String> JOIN_FIELDS = Set.of(EVENT_ID, USER_ID, WAITING_TOKEN);
    private static final Set<String> ADMIT_FIELDS = Set.of(WAITING_TOKEN);

    private final TicketResolver places;
    private final ReservationIssuer issuer;
    private final CallMeter meter;
    private final UnavailabilityReporter unavailable;
    private final InFlightLimiter underWay = new InFlightLimiter(MAX_UNDER_WAY);

    QueueApi(TicketResolver places, ReservationIssuer issuer, CallMeter meter, UnavailabilityReporter unavailable) {
        this.places = places;
        this.issuer = issuer;
        this.meter = meter;
        this.unavailable = unavailable;
    }

    List<Route> routes() {
        return List.of(
                Route.post("/api/v1/queue/join", x -> x.jsonBody(body -> join(x, JsonFields.read(body, JOIN_FIELDS)))),
                Route.get("/api/v1/queue/status", this::status),
                Route.post("/api/v1/queue/admit", this::admit),
                Route.post("/api/v1/queue/enter", this::admit),
                Route.postOrDelete("/api/v1/queue/leave", this::leave));
    }

    // --- join ---

    private void join(Exchange x, JsonFields fields) {
        Optional<String> token = fields.raw(WAITING_TOKEN).or(x::bearerToken);
        Room room = places.room(fields.required(EVENT_ID), token);
        Optional<String> userId = fields.text(USER_ID);
        Optional<VisitorKey> key = userId.map(id -> new VisitorKey(VisitorKey.Kind.USER_ID, id))
                .or(() -> x.idempotencyKey().map(QueueApi::idempotencyKey));
        Optional<Ticket> presented = token.flatMap(text -> places.ticketOf(room, text));
        if (presented.isEmpty()) {
            take(x, room, key, userId);
            return;
        }
        Place.Served place = new Place.Served(token.get(), presented.get(), room);
        places.mustHaveReadTheLine(room, place.ticket());
        whenSettled(x, "join", place, () -> keepOrTake(x, room, place.ticket(), key, userId));
    }

    private void keepOrTake(Exchange x, Room room, Ticket ticket, Optional<VisitorKey> key, Optional<String> userId) {
        TicketStatus status = room.status(ticket);
        if (status.state() == TicketStatus.State.WAITING) {
            meter.count(room.eventId(), "join", "kept");
            x.answer(202, Answers.joined(places.encode(ticket), status));
        } else {
            take(x, room, key, userId);
        }
    }

    private void take(Exchange x, Room room, Optional<VisitorKey> key, Optional<String> userId) {
        underWay.begin(() -> room.join(key, userId))
                .ifPresentOrElse(
                        stage -> x.await(stage, outcome -> joined(x, room, outcome)),
                        () -> unavailable(x, "join", room, Optional.empty(), OVERLOADED));
    }

    private void joined(Exchange x, Room room, JoinOutcome outcome) {
        switch (outcome) {
            case JoinOutcome.Joined joined -> {
                meter.count(room.eventId(), "join", "joined");
                x.answer(202, Answers.joined(places.encode(joined.ticket()), joined.status()));
            }
            case JoinOutcome.Full full -> {
                meter.count(room.eventId(), "join", "full");
                x.answer(Problem.retry(
                        QueueProblem.QUEUE_FULL, full.maxLength() + " wait already, as many as may", FULL_RETRY));
            }
            case JoinOutcome.Rejected rejected -> {
                meter.count(room.eventId(), "join", "rejected");
                String message = rejected.message().isEmpty() ? "joins are closed" : rejected.message();
                x.answer(Problem.retry(QueueProblem.JOINS_CLOSED, message, CLOSED_RETRY));
            }
            case JoinOutcome.Closed closed -> x.answer(TicketResolver.unknown().problem());
            case JoinOutcome.Unavailable failed -> unavailable(x, "join", room, Optional.empty(), failed.why());
        }
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

    // --- status ---

    /** The hot path: memory alone, no stage, one array written; but for a ticket's first poll here after its place ended elsewhere. */
    private void status(Exchange x) {
        switch (places.place(token(x))) {
            case Place.Served place -> {
                places.mustHaveReadTheLine(place.room(), place.ticket());
                whenSettled(
                        x,
                        "status",
                        place,
                        () -> x.answer(200, Answers.status(place.room().status(place.ticket()))));
            }
            case Place.Closed place -> x.answer(200, Answers.status(places.closed(place.ticket())));
        }
    }

    /** Goes on when Redis has said where the ticket stands; no answer rather than a guess if it does not say in time. */
    private void whenSettled(Exchange x, String call, Place.Served place, Runnable then) {
        Room room = place.room();
        Optional<CompletionStage<Void>> unsettled = room.unsettled(place.ticket());
        if (unsettled.isEmpty()) {
            then.run();
            return;
        }
        x.await(unsettled.get(), said -> {
            if (room.unsettled(place.ticket()).isPresent()) {
                unavailable(x, call, room, Optional.of(place), NOT_SAID);
            } else {
                then.run();
            }
        });
    }

    // --- admit ---

    private void admit(Exchange x) {
        x.jsonBody(body -> {
            // A token in the query or the Authorization header makes the body optional.
            Optional<String> token = token(x);
            if (token.isEmpty()) {
                token = JsonFields.read(body, ADMIT_FIELDS).raw(WAITING_TOKEN);
                if (token.isEmpty()) {
                    throw Problem.of(HttpProblem.MISSING_FIELD, WAITING_TOKEN + " is missing")
                            .exception();
                }
            }
            switch (places.place(token)) {
                case Place.Served place ->
                    underWay.begin(() -> place.room().admit(place.ticket(), x.preferredWait(MAX_WAIT)))
                            .ifPresentOrElse(
                                    stage -> x.await(stage, outcome -> admitted(x, place, outcome)),
                                    () -> unavailable(x, "admit", place.room(), Optional.of(place), OVERLOADED));
                case Place.Closed closed -> x.answer(gone(TicketStatus.State.CLOSED));
            }
        });
    }

    private void admitted(Exchange x, Place.Served place, AdmitOutcome outcome) {
        Room room = place.room();
        switch (outcome) {
            case AdmitOutcome.Granted granted -> {
                meter.count(room.eventId(), "admit", "granted");
                x.await(
                        issuer.issue(place.ticket(), granted),
                        reservation -> x.answer(200, Answers.admitted(reservation)));
            }
            case AdmitOutcome.NotYet not -> {
                meter.count(room.eventId(), "admit", "not_ready");
                x.answer(Problem.retry(QueueProblem.NOT_READY, notReady(not.status()), not.retryAfter())
                        .with(json -> Answers.place(json, not.status())));
            }
            case AdmitOutcome.BucketEmpty empty -> {
                meter.count(room.eventId(), "admit", "no_token");
                x.answer(Problem.retry(
                                QueueProblem.NO_TOKEN,
                                "it is your turn, but no admission came free in the time given; ask again",
                                empty.retryAfter())
                        .with(json -> Answers.place(json, empty.status())));
            }
            case AdmitOutcome.Gone gone -> {
                meter.count(room.eventId(), "admit", "gone");
                x.answer(gone(gone.state()));
            }
            case AdmitOutcome.Unavailable failed -> unavailable(x, "admit", room, Optional.of(place), failed.why());
        }
    }

    private static String notReady(TicketStatus status) {
        if (status.onHold()) {
            return "the room is on hold; your place is kept";
        }
        return status.position() > 1
                ? "others are ahead of you; your place is kept"
                : "you are next, but have not been called yet; your place is kept";
    }

    private static Problem gone(TicketStatus.State state) {
        return switch (state) {
            case LEFT -> Problem.of(QueueProblem.LEFT, "this place was given up; join again for a new one");
            case CLOSED -> Problem.of(QueueProblem.CLOSED, "the room of this ticket is closed");
            case EXPIRED, ADMITTED, WAITING ->
                Problem.of(
                        QueueProblem.EXPIRED,
                        "this place was lost to silence, missed its turn, or its admission ran out; join again for a new one");
        };
    }

    // --- leave ---

    private void leave(Exchange x) {
        Optional<String> token = token(x);
        if (token.isPresent()) {
            x.anyBody(ignored -> leave(x, token));
        } else {
            x.plainBody(body -> leave(x, BeaconBody.field(x.contentType(), body, WAITING_TOKEN)));
        }
    }

    private void leave(Exchange x, Optional<String> token) {
        switch (places.place(token)) {
            case Place.Served place ->
                underWay.begin(() -> place.room().leave(place.ticket()))
                        .ifPresentOrElse(
                                stage -> x.await(stage, outcome -> left(x, place, outcome)),
                                () -> unavailable(x, "leave", place.room(), Optional.of(place), OVERLOADED));
            case Place.Closed closed -> x.answer(200, Answers.left());
        }
    }

    private void left(Exchange x, Place.Served place, LeaveOutcome outcome) {
        switch (outcome) {
            case LeaveOutcome.Left left -> {
                meter.count(place.room().eventId(), "leave", "left");
                x.answer(200, Answers.left());
            }
            case LeaveOutcome.Unavailable failed ->
                unavailable(x, "leave", place.room(), Optional.of(place), failed.why());
        }
    }

    // --- all ---

    private static Optional<String> token(Exchange x) {
        Optional<String> bearer = x.bearerToken();
        return bearer.isPresent() ? bearer : x.queryParameter(TOKEN);
    }

    private void unavailable(Exchange x, String call, Room room, Optional<Place.Served> place, Unavailability why) {
        meter.count(room.eventId(), call, "unavailable");
        unavailable.log(call, room, place, why, x.traceId());
        x.answer(
                switch (why.cause()) {
                    case REDIS_UNREACHABLE, REDIS_REFUSED, NO_POLICY ->
                        Problem.retry(
                                QueueProblem.UNAVAILABLE,
                                "the line cannot be reached just now; places are kept",
                                why.retryAfter());
                    case RECOVERING ->
                        Problem.retry(
                                QueueProblem.RECOVERING,
                                "the line is being put back after a failure; places are kept",
                                why.retryAfter());
                    case OVERLOADED ->
                        Problem.retry(QueueProblem.OVERLOADED, "this gateway is at its limit", why.retryAfter());
                });
    }
}
