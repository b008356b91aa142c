package dev.waitingroom.gateway.page;

import dev.waitingroom.gateway.api.CallTimes;
import dev.waitingroom.gateway.api.RoomCall;
import dev.waitingroom.gateway.api.RoomCaller;
import dev.waitingroom.gateway.api.TicketResolver;
import dev.waitingroom.gateway.api.TicketResolver.Place;
import dev.waitingroom.queue.room.JoinOutcome;
import dev.waitingroom.queue.room.Room;
import dev.waitingroom.queue.room.TicketStatus;
import dev.waitingroom.queue.room.Unavailability;
import dev.waitingroom.queue.room.VisitorKey;
import java.util.Optional;
import java.util.regex.Pattern;

/** Takes a place, or keeps the one that the visitor has. A visitor goes in at once if nobody is ahead. */
final class JoinAction {
    private static final String NAME = "join";

    /** The key of a page: 16 random bytes. */
    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9_-]{22}");

    private final TicketResolver tickets;
    private final RoomCaller caller;
    private final EnterAction enter;

    JoinAction(TicketResolver tickets, RoomCaller caller, EnterAction enter) {
        this.tickets = tickets;
        this.caller = caller;
        this.enter = enter;
    }

    /** @param key of the page that was sent, so that a repeated join gets the same place */
    void run(FormAnswer answer, VisitorPlace found, Optional<String> key) {
        Optional<Place.Served> place = found.place();
        Optional<TicketStatus> status = place.map(known -> known.room().status(known.ticket()));
        switch (status.map(TicketStatus::state).orElse(TicketStatus.State.LEFT)) {
            case WAITING -> placed(answer, place.orElseThrow(), status.orElseThrow());
            case ADMITTED -> enter.run(answer, place.orElseThrow());
            case EXPIRED, LEFT, CLOSED ->
                join(answer, found.room(), key.filter(text -> KEY.matcher(text).matches()));
            case MOVED -> join(answer, found.room(), Optional.empty()); // the key may be that of the place that moved
        }
    }

    private void join(FormAnswer answer, Room room, Optional<String> key) {
        RoomCall call = new RoomCall(answer.exchange(), NAME, room, Optional.empty());
        Optional<VisitorKey> visitor = key.map(text -> new VisitorKey(VisitorKey.Kind.IDEMPOTENCY_KEY, "page:" + text));
        caller.call(
                call,
                () -> room.join(visitor, Optional.empty(), true),
                outcome -> joined(answer, call, outcome),
                why -> unavailable(answer, call, why));
    }

    private void joined(FormAnswer answer, RoomCall call, JoinOutcome outcome) {
        switch (outcome) {
            case JoinOutcome.Joined joined -> {
                caller.count(call, "joined");
                String token = tickets.encode(joined.ticket());
                answer.keep(token);
                placed(answer, new Place.Served(token, joined.ticket(), call.room()), joined.status());
            }
            case JoinOutcome.Admitted admitted -> {
                answer.keep(tickets.encode(admitted.ticket()));
                enter.granted(answer, call, admitted.ticket(), admitted.grant());
            }
            case JoinOutcome.Full full -> {
                caller.count(call, "full");
                answer.bare(PageState.FULL, "", CallTimes.FULL_RETRY);
            }
            case JoinOutcome.Rejected rejected -> {
                caller.count(call, "rejected");
                answer.bare(PageState.CLOSED, rejected.message(), CallTimes.CLOSED_RETRY);
            }
            case JoinOutcome.Closed closed -> answer.bare(PageState.OVER, "", CallTimes.CLOSED_RETRY);
            case JoinOutcome.Unavailable failed -> unavailable(answer, call, failed.why());
        }
    }

    private void placed(FormAnswer answer, Place.Served place, TicketStatus status) {
        if (status.ready()) {
            enter.run(answer, place);
        } else {
            answer.placed(PageState.of(status), status, status.pollAfter());
        }
    }

    private void unavailable(FormAnswer answer, RoomCall call, Unavailability why) {
        caller.failed(call, why);
        answer.bare(PageState.BUSY, "", why.retryAfter());
    }
}
