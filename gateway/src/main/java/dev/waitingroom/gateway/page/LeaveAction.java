package dev.waitingroom.gateway.page;

import dev.waitingroom.gateway.api.RoomCall;
import dev.waitingroom.gateway.api.RoomCaller;
import dev.waitingroom.gateway.api.TicketResolver.Place;
import dev.waitingroom.gateway.session.VisitorCookie;
import dev.waitingroom.queue.room.LeaveOutcome;
import dev.waitingroom.queue.room.Unavailability;
import java.time.Duration;

/** Gives the visitor's place up. */
final class LeaveAction {
    private static final String NAME = "leave";
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final RoomCaller caller;

    LeaveAction(RoomCaller caller) {
        this.caller = caller;
    }

    void run(FormAnswer answer, Place.Served place) {
        RoomCall call = RoomCall.of(answer.exchange(), NAME, place);
        caller.call(
                call,
                () -> place.room().leave(place.ticket()),
                outcome -> answered(answer, call, outcome),
                why -> unavailable(answer, call, why));
    }

    private void answered(FormAnswer answer, RoomCall call, LeaveOutcome outcome) {
        switch (outcome) {
            case LeaveOutcome.Left left -> {
                caller.count(call, "left");
                answer.exchange()
                        .setCookie(VisitorCookie.WAITING_TOKEN.delete(
                                answer.request().eventId(), answer.exchange().secure()));
                answer.bare(PageState.LEFT, "", RETRY);
            }
            case LeaveOutcome.Unavailable failed -> unavailable(answer, call, failed.why());
        }
    }

    /** The place is kept, and the page shows it again. */
    private void unavailable(FormAnswer answer, RoomCall call, Unavailability why) {
        caller.failed(call, why);
        answer.away(why.retryAfter());
    }
}
