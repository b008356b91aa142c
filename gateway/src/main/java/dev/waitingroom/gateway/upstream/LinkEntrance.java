package dev.waitingroom.gateway.upstream;

import dev.waitingroom.gateway.http.Exchange;
import dev.waitingroom.gateway.http.Problem;
import dev.waitingroom.gateway.protect.ProtectedRoom;
import dev.waitingroom.gateway.session.ReturnPath;
import dev.waitingroom.gateway.session.SessionIssuer;
import dev.waitingroom.queue.policy.Policy;
import dev.waitingroom.queue.site.LinkKey;
import io.vertx.core.http.HttpServerRequest;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Lets visitors in who open a signed link: the session's cookie, and the same address without the pass. Thread-safe. */
final class LinkEntrance {
    /** The parameter of the query that has the pass. */
    static final String PARAMETER = "wr_pass";

    private final SessionIssuer sessions;

    LinkEntrance(SessionIssuer sessions) {
        this.sessions = sessions;
    }

    /** What was answered. */
    enum Outcome {
        /** Nothing: the request has no pass. */
        NONE,
        ADMITTED,
        REFUSED
    }

    /** Answers a request that has a pass. */
    Outcome answer(ProtectedRoom target, HttpServerRequest request, Exchange exchange) {
        Optional<LinkKey> key = target.protection().bypass().links();
        Optional<Policy> policy = target.room().policy();
        if (key.isEmpty() || policy.isEmpty() || !exchange.head().reads()) {
            return Outcome.NONE;
        }
        Optional<String> pass = exchange.head().queryParameter(PARAMETER);
        if (pass.isEmpty()) {
            return Outcome.NONE;
        }
        ReturnPath location = ReturnPath.orRoot(Optional.of(request.path() + withoutPass(request.query())));
        String eventId = target.room().eventId();
        return switch (key.get().check(pass.get(), eventId, sessions.now())) {
            case VALID -> {
                exchange.setCookie(sessions.startWithoutTicket(
                        eventId,
                        policy.get().incarnation(),
                        target.site().session().lasts(),
                        exchange.secure()));
                exchange.writer().redirect(location.value());
                yield Outcome.ADMITTED;
            }
            case EXPIRED ->
                refuse(
                        exchange,
                        UpstreamProblem.LINK_EXPIRED,
                        PARAMETER + " has expired: ask for a new link",
                        location);
            case INVALID ->
                refuse(
                        exchange,
                        UpstreamProblem.LINK_INVALID,
                        PARAMETER + " has no valid signature for this room",
                        location);
        };
    }

    private static Outcome refuse(Exchange exchange, UpstreamProblem type, String detail, ReturnPath location) {
        ErrorPage.refuse(exchange, Problem.of(type, detail), location);
        return Outcome.REFUSED;
    }

    /** The rest of the query as it was sent, with its question mark. */
    private static String withoutPass(@Nullable String query) {
        String rest = Arrays.stream(String.valueOf(query).split("&", -1))
                .filter(parameter -> !parameter.startsWith(PARAMETER + "="))
                .collect(Collectors.joining("&"));
        return rest.isEmpty() ? "" : "?" + rest;
    }
}
