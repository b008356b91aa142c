package dev.waitingroom.chaos.site;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.waitingroom.chaos.history.SessionOutcome;
import dev.waitingroom.chaos.site.SessionCookies.Cookie;
import dev.waitingroom.testkit.visitors.HttpAnswer;
import dev.waitingroom.testkit.visitors.HttpCall;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** The calls about sessions, and what their answers mean. Pure. */
final class SessionCalls {
    private static final ObjectMapper JSON = JsonMapper.builder().build();
    private static final String COOKIE = "Cookie";

    /** The page cannot tell now: Redis is unavailable, or the gateway has just started. */
    private static final Set<String> UNDECIDED = Set.of("away", "busy");

    private final String eventId;
    private final SessionCookies cookies;

    SessionCalls(String eventId, SessionCookies cookies) {
        this.eventId = eventId;
        this.cookies = cookies;
    }

    /** Asks the page for a session, as its script does. */
    HttpCall begin(String token) {
        return new HttpCall(
                "POST",
                "/waiting/" + eventId,
                Map.of(
                        COOKIE,
                        cookies.waiting(token),
                        "Content-Type",
                        "application/x-www-form-urlencoded",
                        "Accept",
                        "application/json"),
                "action=enter");
    }

    /** Asks the route check of a room as a proxy does, with this cookie for that room. */
    static HttpCall use(String event, String value) {
        return new HttpCall(
                "GET", "/verify/forward/" + event, Map.of(COOKIE, SessionCookies.session(event, value)), "");
    }

    HttpCall end(String value) {
        return new HttpCall(
                "DELETE",
                "/api/v1/queue/session?event_id=" + eventId,
                Map.of(COOKIE, SessionCookies.session(eventId, value)),
                "");
    }

    SessionOutcome begun(Optional<HttpAnswer> answer) {
        if (answer.isEmpty() || answer.get().status() == 503) {
            return new SessionOutcome.Unknown();
        }
        String state = state(answer.get());
        if (answer.get().status() != 200 || state.isEmpty()) {
            return unexpected(answer.get());
        }
        if (state.equals("entering")) {
            return cookies.set(answer.get().cookies()).isPresent() ? passed(answer.get()) : unexpected(answer.get());
        }
        return UNDECIDED.contains(state) ? new SessionOutcome.Unknown() : new SessionOutcome.KeptOut();
    }

    private static String state(HttpAnswer answer) {
        try {
            return JSON.readTree(answer.body()).path("state").asText();
        } catch (JsonProcessingException e) {
            return "";
        }
    }

    /** The route check never answers 5xx: proxies fail then, or let everyone in. */
    SessionOutcome used(Optional<HttpAnswer> answer) {
        if (answer.isEmpty()) {
            return new SessionOutcome.Unknown();
        }
        return switch (answer.get().status()) {
            case 200 -> passed(answer.get());
            case 429 -> new SessionOutcome.KeptOut();
            default -> unexpected(answer.get());
        };
    }

    private SessionOutcome passed(HttpAnswer answer) {
        Optional<Cookie> cookie = cookies.set(answer.cookies());
        return new SessionOutcome.Passed(
                cookie.isPresent() ? OptionalLong.of(over(cookie.get())) : OptionalLong.empty());
    }

    /** When the cookie expires, µs since 1970. */
    static long over(Cookie cookie) {
        return Recorder.micros(cookie.session().expiresAt());
    }

    static SessionOutcome ended(Optional<HttpAnswer> answer) {
        if (answer.isEmpty() || answer.get().status() == 503) {
            return new SessionOutcome.Unknown();
        }
        return answer.get().status() == 200 ? new SessionOutcome.Ended() : unexpected(answer.get());
    }

    private static SessionOutcome unexpected(HttpAnswer answer) {
        return new SessionOutcome.Unexpected(answer.status() + ": " + answer.body());
    }
}
