package dev.waitingroom.gateway.verify;

import dev.waitingroom.gateway.admission.ReservationVerifier;
import dev.waitingroom.gateway.http.ThrottledLogger;
import dev.waitingroom.gateway.metrics.CallMeter;
import dev.waitingroom.gateway.protect.Gatekeeper;
import dev.waitingroom.gateway.protect.ProtectedRoom;
import dev.waitingroom.gateway.protect.Verdict;
import dev.waitingroom.gateway.protect.VisitorRequest;
import dev.waitingroom.queue.LogKeys;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides whether a visitor may pass a proxy, from memory alone, and counts the decisions. Thread-safe. */
final class RouteCheck {
    private static final Logger LOGGER = LoggerFactory.getLogger(RouteCheck.class);
    private static final Duration LOG_INTERVAL = Duration.ofSeconds(30);
    private static final String CALL = "verify";

    private final Gatekeeper gatekeeper;
    private final ReservationVerifier reservations;
    private final CallMeter meter;
    private final ThrottledLogger outages = new ThrottledLogger(LOGGER, LOG_INTERVAL, System::nanoTime);

    RouteCheck(Gatekeeper gatekeeper, ReservationVerifier reservations, CallMeter meter) {
        this.gatekeeper = gatekeeper;
        this.reservations = reservations;
        this.meter = meter;
    }

    /** @param bearer the token of the visitor's Authorization, perhaps a reservation */
    Verdict judge(ProtectedRoom room, VisitorRequest request, Optional<String> bearer) {
        String eventId = room.room().eventId();
        Verdict verdict = gatekeeper.judge(room, request);
        if (verdict instanceof Verdict.Waits
                && bearer.filter(token -> reservations.admits(token, eventId)).isPresent()) {
            verdict = new Verdict.Passes(Verdict.Reason.RESERVATION);
        }
        meter.count(eventId, CALL, outcome(verdict));
        if (verdict instanceof Verdict.Passes(Verdict.Reason reason) && reason == Verdict.Reason.REDIS_UNAVAILABLE) {
            outages.atWarn()
                    .addKeyValue(LogKeys.EVENT_ID, eventId)
                    .log("Redis is unavailable; everyone passes the route check");
        }
        return verdict;
    }

    private static String outcome(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Admitted _ -> "admitted";
            case Verdict.Passes(Verdict.Reason reason) -> reason.name().toLowerCase(Locale.ROOT);
            case Verdict.Waits _ -> "waits";
        };
    }
}
