package dev.waitingroom.gateway.page;

import dev.waitingroom.gateway.api.CallTimes;
import dev.waitingroom.gateway.api.RoomCall;
import dev.waitingroom.gateway.api.RoomCaller;
import dev.waitingroom.gateway.api.TicketResolver.Place;
import dev.waitingroom.gateway.session.SessionIssuer;
import dev.waitingroom.gateway.session.SessionPlaces;
import dev.waitingroom.queue.room.AdmitOutcome;
import dev.waitingroom.queue.room.Unavailability;
import dev.waitingroom.queue.ticket.Ticket;
import java.time.Duration;
import java.time.Instant;

/** Admits a visitor whose turn has come: the session's cookie, and the way to where they wanted to go. */
final class EnterAction {
    private static final String NAME = "admit";

    private static final Duration RETRY = Duration.ofSeconds(1);

    private final RoomCaller caller;
    private final SessionIssuer sessions;

    EnterAction(RoomCaller caller, SessionIssuer sessions) {
        this.caller = caller;
        this.sessions = sessions;
    }

    void run(FormAnswer answer, Place.Served place) {
        RoomCall call = RoomCall.of(answer.exchange(), NAME, place);
        caller.call(
                call,
                () -> place.room().admit(place.ticket(), CallTimes.MAX_ADMIT_WAIT),
                outcome -> answered(answer, call, place, outcome),
                why -> unavailable(answer, call, why));
    }

    private void answered(FormAnswer answer, RoomCall call, Place.Served place, AdmitOutcome outcome) {
        switch (outcome) {
            case AdmitOutcome.Granted granted -> granted(answer, call, place.ticket(), granted);
            case AdmitOutcome.NotYet not -> {
                caller.count(call, "not_ready");
                answer.placed(PageState.of(not.status()), not.status(), not.retryAfter());
            }
            case AdmitOutcome.BucketEmpty empty -> {
                caller.count(call, "no_token");
                answer.placed(PageState.READY, empty.status(), empty.retryAfter());
            }
            case AdmitOutcome.Gone gone -> {
                caller.count(call, "gone");
                answer.bare(PageState.ended(gone.state()), "", RETRY);
            }
            case AdmitOutcome.Unavailable failed -> unavailable(answer, call, failed.why());
        }
    }

    /** The visitor is admitted. */
    void granted(FormAnswer answer, RoomCall call, Ticket ticket, AdmitOutcome.Granted granted) {
        caller.count(call, "granted");
        Instant now = sessions.now();
        answer.exchange()
                .setCookie(sessions.start(
                        ticket,
                        now,
                        SessionPlaces.lasts(call.room(), granted, now),
                        answer.exchange().secure()));
        answer.admitted();
    }

    private void unavailable(FormAnswer answer, RoomCall call, Unavailability why) {
        caller.failed(call, why);
        answer.away(why.retryAfter());
    }
}
