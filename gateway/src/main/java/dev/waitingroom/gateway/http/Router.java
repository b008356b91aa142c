package dev.waitingroom.gateway.http;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Context;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Routes a request to its endpoint. Thread-safe. */
public final class Router {
    private static final Logger LOGGER = LoggerFactory.getLogger(Router.class);
    private static final int UNAUTHORIZED = 401;
    private static final String UNMATCHED = "unmatched";
    private static final String FALLBACK = "upstream";
    private static final String ROOT = "/";

    private final RouteTable routes;
    private final Cors cors;
    private final ClientRateLimiter clients;
    private final Fallback fallback;
    private final RequestMeter meter;
    private final Duration bodyTime;
    private final BooleanSupplier draining;
    private final HttpDate date = new HttpDate(InstantSource.system());

    /**
     * @param bodyTime how long a body may take to arrive
     * @param draining whether the process shuts down, so that each connection is closed after its answer
     */
    public Router(
            List<Route> routes,
            Cors cors,
            Fallback fallback,
            ClientRateLimiter clients,
            RequestMeter meter,
            Duration bodyTime,
            BooleanSupplier draining) {
        this.routes = new RouteTable(routes);
        this.draining = draining;
        this.cors = cors;
        this.clients = clients;
        this.fallback = fallback;
        this.meter = meter;
        this.bodyTime = bodyTime;
    }

    /** @param loop the current event loop, which the request arrived on */
    void handle(HttpServerRequest request, Context loop) {
        if (request.decoderResult() instanceof Refused refused) {
            refuse(request, refused.why(), loop);
            return;
        }
        RouteTable.Match match = routes.find(request.path());
        if (match == null || match.route().path().equals(ROOT)) {
            Optional<Fallback.Answerer> answerer = fallback.find(request);
            if (answerer.isPresent()) {
                Exchange exchange = metered(request, FALLBACK, false, loop);
                exchange.header(HttpHeaders.DATE, date.now());
                exchange.guarded(() -> answerer.get().answer(exchange, () -> clients.admit(request, exchange)));
                return;
            }
        }
        Route route = match == null ? null : match.route();
        Exchange exchange = open(request, route, loop);
        if (match != null) {
            exchange.bind(match.variable(), match.below());
        }
        if (route != null && route.isTree()) {
            exchange.guarded(() -> route.endpoint(request.method()).ifPresent(any -> any.handle(exchange)));
            return;
        }
        exchange.guarded(() -> {
            if (request.method().equals(HttpMethod.OPTIONS)) {
                options(request, route, exchange);
            } else {
                clients.admit(request, exchange);
                dispatch(request, route, exchange);
            }
        });
    }

    /** Answers a request that is not HTTP/1.1 or HTTP/1.0, or breaks their rules. */
    private void refuse(HttpServerRequest request, Throwable why, Context loop) {
        Exchange exchange = open(request, null, loop);
        cors.allowUnread(request, request.response());
        exchange.closeAfterwards();
        exchange.guarded(() -> {
            clients.admitMalformed(request, exchange);
            throw invalid(why).exception();
        });
    }

    private static Problem invalid(Throwable why) {
        return switch (why) {
            case BadHeadException e -> Problem.of(HttpProblem.BAD_REQUEST, e.rule());
            case TooLongHttpLineException e -> Problem.of(HttpProblem.URI_TOO_LONG, "the request line is too long");
            case TooLongHttpHeaderException e -> Problem.of(HttpProblem.HEADERS_TOO_LARGE, "the headers are too large");
            default -> Problem.of(HttpProblem.BAD_REQUEST, "the request is not well-formed HTTP/1.1");
        };
    }

    private Exchange open(HttpServerRequest request, @Nullable Route route, Context loop) {
        Exchange exchange =
                metered(request, route == null ? UNMATCHED : route.path(), route == null || !route.isTree(), loop);
        exchange.header(HttpHeaders.DATE, date.now());
        cors.allow(request, request.response());
        return exchange;
    }

    /**
     * @param template of the path, for metrics and logs
     * @param tokens whether an answer of 401 means that a token was wrong
     */
    private Exchange metered(HttpServerRequest request, String template, boolean tokens, Context loop) {
        long started = System.nanoTime();
        Exchange exchange = new Exchange(request, loop, clients.origin(), bodyTime, draining);
        exchange.onAnswered(() -> {
            long nanos = System.nanoTime() - started;
            int status = request.response().getStatusCode();
            meter.record(template, request.method().name(), status, nanos);
            if (status == UNAUTHORIZED && tokens) {
                clients.chargeWrongToken(request);
            }
            LOGGER.atDebug()
                    .addKeyValue(HttpLogKeys.METHOD, request.method())
                    .addKeyValue(HttpLogKeys.ROUTE, template)
                    .addKeyValue(HttpLogKeys.STATUS, status)
                    .addKeyValue(HttpLogKeys.DURATION_MICROS, nanos / 1_000)
                    .addKeyValue(HttpLogKeys.TRACE_ID, exchange::traceId)
                    .log("request answered");
        });
        return exchange;
    }

    /**
     * Allows a preflight even if the request itself will fail: a page can read a 404, 405 or 429 only after an allowed preflight. A
     * preflight costs nothing, so no limit counts it.
     */
    private void options(HttpServerRequest request, @Nullable Route route, Exchange exchange) {
        if (cors.isPreflight(request, request.response())) {
            cors.preflight(request, request.response(), route == null ? "" : route.allow());
            exchange.answerEmpty(204);
            return;
        }
        clients.admit(request, exchange);
        if ("*".equals(request.uri())) {
            exchange.header(HttpHeaders.ALLOW, routes.methods());
            exchange.answerEmpty(204);
            return;
        }
        Route found = found(route);
        exchange.header(HttpHeaders.ALLOW, found.allow());
        found.endpoint(HttpMethod.OPTIONS).orElse(x -> x.answerEmpty(204)).handle(exchange);
    }

    private static Route found(@Nullable Route route) {
        if (route == null) {
            throw Problem.of(HttpProblem.NOT_FOUND, "there is no such path; /openapi.yaml lists all paths")
                    .exception();
        }
        return route;
    }

    private static void dispatch(HttpServerRequest request, @Nullable Route match, Exchange exchange) {
        Route route = found(match);
        Optional<Endpoint> endpoint = route.endpoint(request.method());
        if (endpoint.isEmpty()) {
            exchange.header(HttpHeaders.ALLOW, route.allow());
            throw Problem.of(HttpProblem.METHOD_NOT_ALLOWED, "the methods of this path are " + route.allow())
                    .exception();
        }
        judgePreconditions(request, exchange);
        endpoint.get().handle(exchange);
    }

    /** An answer to GET or HEAD follows them if it would be 200. Other methods do nothing if they fail: their paths have no representation. */
    private static void judgePreconditions(HttpServerRequest request, Exchange exchange) {
        boolean reads = exchange.head().reads();
        Preconditions.Outcome outcome = Preconditions.evaluate(
                reads,
                request.headers().getAll(HttpHeaders.IF_MATCH),
                request.headers().getAll(HttpHeaders.IF_NONE_MATCH));
        if (reads) {
            exchange.follow(outcome);
        } else if (outcome == Preconditions.Outcome.FAILED) {
            throw outcome.problem().exception();
        }
    }
}
