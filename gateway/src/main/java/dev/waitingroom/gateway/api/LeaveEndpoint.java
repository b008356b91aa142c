package dev.waitingroom.gateway.api;

import dev.waitingroom.gateway.api.TicketResolver.Place;
import dev.waitingroom.gateway.http.BeaconBody;
import dev.waitingroom.gateway.http.Endpoint;
import dev.waitingroom.gateway.http.Exchange;
import dev.waitingroom.queue.room.LeaveOutcome;
import java.util.Optional;

/** Gives a place up. */
final class LeaveEndpoint implements Endpoint {
    private static final String NAME = "leave";

    private final TicketResolver tickets;
    private final RoomCaller caller;

    LeaveEndpoint(TicketResolver tickets, RoomCaller caller) {
        this.tickets = tickets;
        this.caller = caller;
    }

    /** A token in the query or the Authorization header makes the body optional. */
    @Override
    public void handle(Exchange x) {
        Optional<String> token = WaitingToken.of(x);
        if (token.isPresent()) {
            x.body().any(ignored -> leave(x, token));
        } else {
            x.body().uncompressed(body -> leave(x, BeaconBody.field(x.body().contentType(), body, WaitingToken.FIELD)));
        }
    }

    private void leave(Exchange x, Optional<String> token) {
        switch (tickets.resolve(token)) {
            case Place.Served place -> {
                RoomCall call = RoomCall.of(x, NAME, place);
                caller.call(call, () -> place.room().leave(place.ticket()), outcome -> answer(call, outcome));
            }
            case Place.Closed closed -> x.answer(200, Answers.left());
        }
    }

    private void answer(RoomCall call, LeaveOutcome outcome) {
        switch (outcome) {
            case LeaveOutcome.Left left -> {
                caller.count(call, "left");
                call.exchange().answer(200, Answers.left());
            }
            case LeaveOutcome.Unavailable failed -> caller.answerUnavailable(call, failed.why());
        }
    }
}
