package dev.waitingroom.gateway.api;

import dev.waitingroom.gateway.admission.ReservationIssuer;
import dev.waitingroom.gateway.api.TicketResolver.Place;
import dev.waitingroom.gateway.http.Endpoint;
import dev.waitingroom.gateway.http.Exchange;
import dev.waitingroom.gateway.http.HttpProblem;
import dev.waitingroom.gateway.http.JsonFields;
import dev.waitingroom.gateway.http.Problem;
import dev.waitingroom.queue.room.AdmitOutcome;
import dev.waitingroom.queue.room.TicketStatus;
import java.util.Optional;
import java.util.Set;

/** Admits a visitor whose turn has come, with a reservation token. */
final class AdmitEndpoint implements Endpoint {
    private static final String NAME = "admit";
    private static final Set<String> FIELDS = Set.of(WaitingToken.FIELD);

    private final TicketResolver tickets;
    private final ReservationIssuer issuer;
    private final RoomCaller caller;

    AdmitEndpoint(TicketResolver tickets, ReservationIssuer issuer, RoomCaller caller) {
        this.tickets = tickets;
        this.issuer = issuer;
        this.caller = caller;
    }

    @Override
    public void handle(Exchange x) {
        x.body().json(body -> {
            switch (tickets.resolve(Optional.of(token(x, body)))) {
                case Place.Served place -> admit(RoomCall.of(x, NAME, place), place);
                case Place.Closed closed -> x.answer(gone(TicketStatus.State.CLOSED));
            }
        });
    }

    /** A token in the query or the Authorization header makes the body optional. */
    private static String token(Exchange x, byte[] body) {
        return WaitingToken.of(x)
                .or(() -> JsonFields.read(body, FIELDS).raw(WaitingToken.FIELD))
                .orElseThrow(() -> Problem.of(HttpProblem.MISSING_FIELD, WaitingToken.FIELD + " is missing")
                        .exception());
    }

    private void admit(RoomCall call, Place.Served place) {
        caller.call(
                call,
                () -> place.room()
                        .admit(place.ticket(), call.exchange().head().preferredWait(CallTimes.MAX_ADMIT_WAIT)),
                outcome -> answer(call, place, outcome));
    }

    private void answer(RoomCall call, Place.Served place, AdmitOutcome outcome) {
        Exchange x = call.exchange();
        switch (outcome) {
            case AdmitOutcome.Granted granted -> {
                caller.count(call, "granted");
                x.await(
                        issuer.issue(place.ticket(), granted),
                        reservation -> x.answer(200, Answers.admitted(reservation)));
            }
            case AdmitOutcome.NotYet not -> {
                caller.count(call, "not_ready");
                x.answer(Problem.retry(QueueProblem.NOT_READY, notReady(not.status()), not.retryAfter())
                        .with(json -> Answers.place(json, not.status())));
            }
            case AdmitOutcome.BucketEmpty empty -> {
                caller.count(call, "no_token");
                x.answer(Problem.retry(
                                QueueProblem.NO_TOKEN,
                                "it is your turn, but no admission became free in time; try again",
                                empty.retryAfter())
                        .with(json -> Answers.place(json, empty.status())));
            }
            case AdmitOutcome.Gone gone -> {
                caller.count(call, "gone");
                x.answer(gone(gone.state()));
            }
            case AdmitOutcome.Unavailable failed -> caller.answerUnavailable(call, failed.why());
        }
    }

    private static String notReady(TicketStatus status) {
        if (status.onHold()) {
            return "the room is on hold; your place is kept";
        }
        return status.position() > 1
                ? "others are ahead of you; your place is kept"
                : "you are next, but your turn has not come yet; your place is kept";
    }

    private static Problem gone(TicketStatus.State state) {
        return switch (state) {
            case LEFT -> Problem.of(QueueProblem.LEFT, "this place was given up; join again to get a new one");
            case MOVED ->
                Problem.of(QueueProblem.MOVED, "this place was moved to another device; only that one is admitted");
            case CLOSED -> Problem.of(QueueProblem.CLOSED, "the room of this ticket was deleted");
            case EXPIRED, ADMITTED, WAITING ->
                Problem.of(
                        QueueProblem.EXPIRED,
                        "this place was not polled in time, missed its turn, or its admission expired; join again to get a new one");
        };
    }
}
