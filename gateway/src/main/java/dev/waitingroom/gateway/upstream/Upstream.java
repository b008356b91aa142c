package dev.waitingroom.gateway.upstream;

import dev.waitingroom.gateway.http.Exchange;
import dev.waitingroom.gateway.http.Fallback;
import dev.waitingroom.gateway.http.HttpLogKeys;
import dev.waitingroom.gateway.http.HttpProblem;
import dev.waitingroom.gateway.http.Problem;
import dev.waitingroom.gateway.http.RequestOrigin;
import dev.waitingroom.gateway.http.ThrottledLogger;
import dev.waitingroom.gateway.metrics.CallMeter;
import dev.waitingroom.gateway.protect.AdmissionRequired;
import dev.waitingroom.gateway.protect.Gatekeeper;
import dev.waitingroom.gateway.protect.ProtectedRoom;
import dev.waitingroom.gateway.protect.Verdict;
import dev.waitingroom.gateway.protect.VisitorRequest;
import dev.waitingroom.gateway.session.Session;
import dev.waitingroom.gateway.session.SessionIssuer;
import dev.waitingroom.queue.LogKeys;
import dev.waitingroom.queue.room.RoomRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves the hosts of protected services: admitted visitors reach the service, all others are sent to the waiting page. Thread-safe. */
public final class Upstream implements Fallback {
    private static final Logger LOGGER = LoggerFactory.getLogger(Upstream.class);
    private static final Duration LOG_INTERVAL = Duration.ofSeconds(30);
    private static final String CALL = "proxy";

    private final Vertx vertx;
    private final UpstreamClients clients;
    private final RoomRegistry registry;
    private final RequestOrigin origin;
    private final SessionIssuer sessions;
    private final CallMeter meter;
    private final Gatekeeper gatekeeper;
    private final LinkEntrance links;
    private final ThrottledLogger failures = new ThrottledLogger(LOGGER, LOG_INTERVAL, System::nanoTime);
    private final ThrottledLogger outages = new ThrottledLogger(LOGGER, LOG_INTERVAL, System::nanoTime);

    /** @param connections the most connections of an event loop to one service */
    public Upstream(
            Vertx vertx,
            int connections,
            RoomRegistry registry,
            RequestOrigin origin,
            SessionIssuer sessions,
            CallMeter meter) {
        this.vertx = vertx;
        this.clients = new UpstreamClients(vertx, connections);
        this.registry = registry;
        this.origin = origin;
        this.sessions = sessions;
        this.meter = meter;
        this.links = new LinkEntrance(sessions);
        this.gatekeeper = new Gatekeeper(sessions, registry::sinceRedisAnswered);
    }

    @Override
    public Optional<Answerer> find(HttpServerRequest request) {
        return UpstreamTarget.of(registry.rooms(), Authority.of(request).orElse(""))
                .map(target -> (exchange, charge) -> answer(target, request, exchange, charge));
    }

    private void answer(UpstreamTarget target, HttpServerRequest request, Exchange exchange, Runnable charge) {
        ProtectedRoom room = target.room();
        if (request.method().equals(HttpMethod.CONNECT) || request.method().equals(HttpMethod.TRACE)) {
            exchange.header(HttpHeaders.ALLOW, "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
            throw Problem.of(HttpProblem.METHOD_NOT_ALLOWED, request.method() + " is not passed on")
                    .exception();
        }
        LinkEntrance.Outcome link = links.answer(room, request, exchange);
        if (link != LinkEntrance.Outcome.NONE) {
            count(room, "link_" + link.name().toLowerCase(Locale.ROOT));
            if (link == LinkEntrance.Outcome.REFUSED) {
                charge.run();
            }
            return;
        }
        switch (gatekeeper.judge(room, asked(request, exchange.secure()))) {
            case Verdict.Admitted(Session session) -> {
                count(room, "admitted");
                pass(target, request, exchange, Optional.of(session));
            }
            case Verdict.Passes(Verdict.Reason reason) -> {
                count(room, reason.name().toLowerCase(Locale.ROOT));
                if (reason == Verdict.Reason.REDIS_UNAVAILABLE) {
                    outages.atWarn()
                            .addKeyValue(LogKeys.EVENT_ID, room.room().eventId())
                            .log("Redis is unavailable; everyone enters the protected service");
                }
                pass(target, request, exchange, Optional.empty());
            }
            case Verdict.Waits() -> {
                charge.run();
                count(room, "waits");
                sendToThePage(room, request, exchange);
            }
        }
    }

    private VisitorRequest asked(HttpServerRequest request, boolean secure) {
        boolean preflight = request.method().equals(HttpMethod.OPTIONS)
                && request.headers().contains(HttpHeaders.ORIGIN)
                && request.headers().contains(HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD);
        return new VisitorRequest(
                String.valueOf(request.path()), request.headers(), () -> origin.client(request), secure, preflight);
    }

    private void pass(UpstreamTarget target, HttpServerRequest request, Exchange exchange, Optional<Session> session) {
        ProtectedRoom room = target.room();
        if (UpstreamRequest.announcedLength(request)
                > room.protection().limits().bodyBytes()) {
            exchange.closeAfterwards();
            throw Problem.of(
                            HttpProblem.BODY_TOO_LARGE,
                            "a body has at most " + room.protection().limits().bodyBytes() + " bytes")
                    .exception();
        }
        UpstreamHeaders headers = new UpstreamHeaders(room, session, request, origin, sessions, exchange.secure());
        new UpstreamRequest(
                        vertx,
                        clients.ofThisLoop(),
                        target,
                        request,
                        exchange,
                        headers,
                        (problem, why) -> failed(room, exchange, problem, why))
                .start();
    }

    /** A browser gets the page; a program gets to know where to join. A body is not kept: the visitor sends it again once admitted. */
    private static void sendToThePage(ProtectedRoom room, HttpServerRequest request, Exchange exchange) {
        String eventId = room.room().eventId();
        if (exchange.head().announcesBody()) {
            exchange.closeAfterwards();
        }
        if (AdmissionRequired.isNavigation(request.method().name(), request.headers())) {
            String asked = request.path() + (request.query() == null ? "" : "?" + request.query());
            exchange.writer().redirect(AdmissionRequired.page(eventId, asked));
        } else {
            exchange.answer(AdmissionRequired.problem(eventId));
        }
    }

    private void failed(ProtectedRoom room, Exchange exchange, Problem problem, Throwable why) {
        count(room, problem.type().name().toLowerCase(Locale.ROOT));
        failures.atWarn()
                .addKeyValue(LogKeys.EVENT_ID, room.room().eventId())
                .addKeyValue(LogKeys.DETAIL, problem.detail() + " (" + why.getMessage() + ")")
                .addKeyValue(HttpLogKeys.TRACE_ID, exchange::traceId)
                .log("a request to the protected service failed");
    }

    private void count(ProtectedRoom room, String outcome) {
        meter.count(room.room().eventId(), CALL, outcome);
    }
}
