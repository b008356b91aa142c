package dev.waitingroom.gateway.verify;

import dev.waitingroom.gateway.admission.ReservationVerifier;
import dev.waitingroom.gateway.http.BearerToken;
import dev.waitingroom.gateway.http.ThrottledLogger;
import dev.waitingroom.gateway.metrics.CallMeter;
import dev.waitingroom.gateway.protect.Gatekeeper;
import dev.waitingroom.gateway.protect.ProtectedRoom;
import dev.waitingroom.gateway.protect.Verdict;
import dev.waitingroom.gateway.protect.VisitorRequest;
import dev.waitingroom.gateway.session.DueRenewal;
import dev.waitingroom.gateway.session.SessionIssuer;
import dev.waitingroom.queue.LogKeys;
import dev.waitingroom.queue.room.RoomRegistry;
import io.vertx.core.http.HttpHeaders;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides whether a visitor may pass a proxy, from memory alone, renews sessions, and counts the decisions. Thread-safe. */
public final class RouteCheck {
    private static final Logger LOGGER = LoggerFactory.getLogger(RouteCheck.class);
    private static final Duration LOG_INTERVAL = Duration.ofSeconds(30);
    private static final String CALL = "verify";

    /** For Redis to renew a session. Envoy gives up after 200 ms. */
    private static final Duration MAX_WAIT = Duration.ofMillis(100);

    private static final CompletableFuture<Boolean> NOTHING_PENDING = CompletableFuture.completedFuture(true);

    /** The event ids that an object can have. They stand for themselves in a path. */
    private static final Pattern EVENT_ID = Pattern.compile("[A-Za-z0-9._~-]{1,128}");

    /** The page of no event says that there is none. */
    private static final String NO_EVENT = "-";

    private final RoomRegistry registry;
    private final SessionIssuer sessions;
    private final Gatekeeper gatekeeper;
    private final ReservationVerifier reservations;
    private final CallMeter meter;
    private final ThrottledLogger outages = new ThrottledLogger(LOGGER, LOG_INTERVAL, System::nanoTime);

    public RouteCheck(
            RoomRegistry registry, SessionIssuer sessions, ReservationVerifier reservations, CallMeter meter) {
        this.registry = registry;
        this.sessions = sessions;
        this.gatekeeper = new Gatekeeper(sessions, registry::sinceRedisAnswered);
        this.reservations = reservations;
        this.meter = meter;
    }

    /** Done at once, unless Redis must renew a session first: in a room with a cap. */
    CompletableFuture<Outcome> answer(Question question) {
        String eventId = question.eventId();
        Optional<ProtectedRoom> room = registry.room(eventId).map(ProtectedRoom::of);
        if (room.isEmpty()) {
            return CompletableFuture.completedFuture(
                    new Outcome.Waits(EVENT_ID.matcher(eventId).matches() ? eventId : NO_EVENT));
        }
        OriginalRequest original = question.original();
        VisitorRequest request = new VisitorRequest(
                original.path(), question.headers(), question.client(), question.secure(), original.isPreflight());
        return switch (judge(room.get(), request)) {
            case Verdict.Admitted admitted ->
                passes(
                        room.get(),
                        new DueRenewal(
                                room.get().room(),
                                room.get().site().session(),
                                Optional.of(admitted.session()),
                                sessions),
                        question.secure());
            case Verdict.Passes _ ->
                CompletableFuture.completedFuture(new Outcome.Passes(room.get(), Optional.empty()));
            case Verdict.Waits _ -> CompletableFuture.completedFuture(new Outcome.Waits(eventId));
        };
    }

    private static CompletableFuture<Outcome> passes(ProtectedRoom room, DueRenewal renewal, boolean secure) {
        return renewal.pending(MAX_WAIT)
                .orElse(NOTHING_PENDING)
                .thenApply(answered -> new Outcome.Passes(room, renewal.cookie(secure)));
    }

    /** A program has a reservation in place of a session. */
    private Verdict judge(ProtectedRoom room, VisitorRequest request) {
        String eventId = room.room().eventId();
        Verdict verdict = gatekeeper.judge(room, request);
        if (verdict instanceof Verdict.Waits
                && BearerToken.from(request.headers().get(HttpHeaders.AUTHORIZATION))
                        .filter(token -> reservations.admits(token, eventId))
                        .isPresent()) {
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
