package dev.waitingroom.gateway.api;

import dev.waitingroom.gateway.admission.Reservation;
import dev.waitingroom.gateway.http.Json;
import dev.waitingroom.gateway.http.Seconds;
import dev.waitingroom.queue.eta.Eta;
import dev.waitingroom.queue.room.TicketStatus;
import io.vertx.core.buffer.Buffer;
import java.time.temporal.ChronoUnit;

/** The JSON of successful answers, as {@code openapi.yaml} documents it. */
public final class Answers {
    private Answers() {}

    static Buffer joined(String waitingToken, TicketStatus status) {
        return new Json()
                .field("waiting_token", waitingToken)
                .field("position_hint", status.position())
                .field("eta_sec", etaSeconds(status))
                .field("status", name(status.state()))
                .field("poll_after_ms", status.pollAfter().toMillis())
                .end();
    }

    public static Buffer status(TicketStatus status) {
        Json json = new Json().field("status", name(status.state())).field("position", status.position());
        eta(json, status);
        json.field("waiting_time", status.waited().toSeconds())
                .field("ready_for_entry", status.ready())
                .field("poll_after_ms", status.pollAfter().toMillis())
                .field("as_of", status.asOf().truncatedTo(ChronoUnit.MILLIS).toString());
        if (status.onHold()) {
            json.field("on_hold", true);
        }
        return json.end();
    }

    static Buffer admitted(Reservation reservation) {
        return admission(new Json(), reservation).end();
    }

    /** The same for a visitor who joined with this call. */
    static Buffer joinedAndAdmitted(String waitingToken, Reservation reservation) {
        return admission(new Json().field("waiting_token", waitingToken), reservation)
                .end();
    }

    private static Json admission(Json json, Reservation reservation) {
        return json.field("admission", "granted")
                .field("reservation_token", reservation.token())
                .field("ttl_sec", reservation.ttl().toSeconds())
                .field("expires_at", reservation.expiresAt().toString());
    }

    static Buffer left() {
        return new Json().field("status", name(TicketStatus.State.LEFT)).end();
    }

    /** The members of a problem that says where the visitor stands. */
    static void place(Json json, TicketStatus status) {
        json.field("position", status.position());
        eta(json, status);
        json.field("poll_after_ms", status.pollAfter().toMillis());
    }

    private static void eta(Json json, TicketStatus status) {
        json.field("eta_sec", etaSeconds(status))
                .field("eta_known", status.eta().isPresent());
        status.eta()
                .ifPresent(eta -> json.field("eta_range", Seconds.ceil(eta.earliest()), Seconds.ceil(eta.latest())));
    }

    private static long etaSeconds(TicketStatus status) {
        return status.eta().map(Eta::expected).map(Seconds::ceil).orElse(0L);
    }

    private static String name(TicketStatus.State state) {
        return switch (state) {
            case WAITING -> "waiting";
            case ADMITTED -> "admitted";
            case EXPIRED -> "expired";
            case LEFT -> "left";
            case CLOSED -> "closed";
            case MOVED -> "moved";
        };
    }
}
