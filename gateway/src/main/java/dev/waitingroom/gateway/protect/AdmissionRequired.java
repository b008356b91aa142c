package dev.waitingroom.gateway.protect;

import dev.waitingroom.gateway.http.Problem;
import dev.waitingroom.gateway.http.ProblemType;
import dev.waitingroom.gateway.session.ReturnPath;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.time.Duration;
import java.util.Optional;

/** What a visitor without admission is told: a browser where the page is, a program where to join. Pure. */
public final class AdmissionRequired {
    /** When a program may ask again without having joined. */
    public static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    private static final String JOIN = "/api/v1/queue/join";

    private AdmissionRequired() {}

    private enum Type implements ProblemType {
        WAITING_ROOM_REQUIRED;

        @Override
        public int status() {
            return 429;
        }

        @Override
        public String title() {
            return "Visitors wait here before they enter";
        }

        @Override
        public String uri() {
            return ProblemType.uri(name());
        }
    }

    /** Whether a browser asks for a page that it will show. */
    public static boolean isNavigation(String method, MultiMap headers) {
        String accept = headers.get(HttpHeaders.ACCEPT);
        String mode = headers.get("Sec-Fetch-Mode");
        return (method.equals("GET") || method.equals("HEAD"))
                && accept != null
                && accept.contains("text/html")
                && (mode == null || mode.equals("navigate"));
    }

    /** @param asked path and query of the request; anything else counts as {@code /} */
    public static String page(String eventId, String asked) {
        return ReturnPath.orRoot(Optional.of(asked)).from(eventId);
    }

    public static Problem problem(String eventId) {
        return Problem.retry(
                        Type.WAITING_ROOM_REQUIRED,
                        "join the waiting room, and repeat the request once admitted",
                        RETRY_AFTER)
                .with(json -> json.field("event_id", eventId)
                        .field("join_url", JOIN)
                        .field("page_url", ReturnPath.PAGE + eventId));
    }
}
