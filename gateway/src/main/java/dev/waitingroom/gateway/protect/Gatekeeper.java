package dev.waitingroom.gateway.protect;

import dev.waitingroom.gateway.protect.Verdict.Reason;
import dev.waitingroom.gateway.session.SessionCheck;
import dev.waitingroom.gateway.session.SessionIssuer;
import dev.waitingroom.gateway.session.SessionPlaces;
import dev.waitingroom.gateway.session.VisitorCookie;
import dev.waitingroom.queue.policy.Policy;
import dev.waitingroom.queue.site.BypassRules;
import dev.waitingroom.queue.site.BypassRules.SecretHeader;
import io.vertx.core.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** Judges requests for a protected service, from memory alone. Thread-safe. */
public final class Gatekeeper {
    /** Redis answers each second. Silence for longer is an outage. */
    private static final Duration OUTAGE = Duration.ofSeconds(2);

    private final SessionIssuer sessions;
    private final Supplier<Duration> sinceRedisAnswered;

    /** @param sinceRedisAnswered how long ago Redis last answered */
    public Gatekeeper(SessionIssuer sessions, Supplier<Duration> sinceRedisAnswered) {
        this.sessions = sessions;
        this.sinceRedisAnswered = sinceRedisAnswered;
    }

    public Verdict judge(ProtectedRoom target, VisitorRequest request) {
        Optional<SessionCheck.Valid> session = session(target, request);
        if (session.isPresent()) {
            return new Verdict.Admitted(session.get().session());
        }
        if (!target.protection().paths().protects(request.path())) {
            return new Verdict.Passes(Reason.OPEN_PATH);
        }
        if (request.preflight()) {
            return new Verdict.Passes(Reason.PREFLIGHT);
        }
        if (bypasses(target.protection().bypass(), request)) {
            return new Verdict.Passes(Reason.BYPASS);
        }
        if (admitsWithoutRedis(target)) {
            return new Verdict.Passes(Reason.REDIS_UNAVAILABLE);
        }
        return new Verdict.Waits();
    }

    private Optional<SessionCheck.Valid> session(ProtectedRoom target, VisitorRequest request) {
        Optional<Policy> policy = target.room().policy();
        if (policy.isEmpty()) {
            return Optional.empty();
        }
        return VisitorCookie.SESSION
                .value(
                        request.headers().getAll(HttpHeaders.COOKIE),
                        target.room().eventId(),
                        request.secure())
                .map(value -> sessions.verify(
                        value, target.room().eventId(), policy.get().incarnation()))
                .flatMap(check -> check instanceof SessionCheck.Valid valid ? Optional.of(valid) : Optional.empty())
                .filter(valid -> !SessionPlaces.ended(target.room(), valid.session()));
    }

    private static boolean bypasses(BypassRules rules, VisitorRequest request) {
        for (SecretHeader header : rules.headers()) {
            String value = request.headers().get(header.name());
            if (value != null && equal(value, header.value())) {
                return true;
            }
        }
        return !rules.ipRanges().isEmpty()
                && request.client()
                        .get()
                        .filter(client -> client.isIn(rules.ipRanges()))
                        .isPresent();
    }

    /** Takes as long for every wrong value. */
    private static boolean equal(String one, String other) {
        return MessageDigest.isEqual(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }

    private boolean admitsWithoutRedis(ProtectedRoom target) {
        Duration limit = target.site().admitUnavailable();
        if (limit.isZero()) {
            return false;
        }
        Duration away = sinceRedisAnswered.get();
        return away.compareTo(OUTAGE) > 0 && away.compareTo(limit.plus(OUTAGE)) <= 0;
    }
}
