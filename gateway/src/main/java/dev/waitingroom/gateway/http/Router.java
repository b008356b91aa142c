package dev.waitingroom.gateway.http;

import dev.waitingroom.gateway.ops.RequestMeter;
import dev.waitingroom.queue.LogKeys;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Context;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds what answers a request. Paths are few and fixed: one map. Thread-safe. */
final class Router {
    private static final Logger LOGGER = LoggerFactory.getLogger(Router.class);
    private static final String UNMATCHED = "unmatched";

    private final Map<String, Route> routes;
    private final Cors cors;
    private final Clients clients;
    private final RequestMeter meter;
    private final Duration bodyTime;

    Router(List<Route> routes, Cors cors, Clients clients, RequestMeter meter, Duration bodyTime) {
        this.routes = routes.stream().collect(Collectors.toUnmodifiableMap(Route::path, Function.identity()));
        this.cors = cors;
        this.clients = clients;
        this.meter = meter;
        this.bodyTime = bodyTime;
    }

    /** @param loop the event loop that the request arrived on, which is the current one */
    void handle(HttpServerRequest request, Context loop) {
        String path = request.path();
        Route route = path == null ? null : routes.get(path);
        Exchange exchange = open(request, route, loop);
        exchange.guarded(() -> {
            clients.admit(request, exchange);
            dispatch(request, route, exchange);
        });
    }

    /** Answers what could not be parsed as HTTP/1.1 or HTTP/1.0. */
    void handleInvalid(HttpServerRequest request, Context loop) {
        Exchange exchange = open(request, null, loop);
        exchange.closeAfterwards();
        exchange.guarded(() -> {
            clients.admitJunk(request, exchange);
            throw invalid(request.decoderResult().cause()).exception();
        });
    }

    private static Problem invalid(Throwable why) {
        return switch (why) {
            case TooLongHttpLineException e -> Problem.of(ProblemType.URI_TOO_LONG, "the request line is too long");
            case TooLongHttpHeaderException e -> Problem.of(ProblemType.HEADERS_TOO_LARGE, "the headers are too large");
            default -> Problem.of(ProblemType.BAD_REQUEST, "this is not well-formed HTTP/1.1");
        };
    }

    private Exchange open(HttpServerRequest request, @Nullable Route route, Context loop) {
        long started = System.nanoTime();
        Exchange exchange = new Exchange(request, loop, bodyTime);
        String template = route == null ? UNMATCHED : route.path();
        request.response().endHandler(ended -> {
            long nanos = System.nanoTime() - started;
            int status = request.response().getStatusCode();
            meter.record(template, request.method().name(), status, nanos);
            if (status == ProblemType.INVALID_TOKEN.status()) {
                clients.wrongToken(request);
            }
            LOGGER.atDebug()
                    .addKeyValue(LogKeys.METHOD, request.method())
                    .addKeyValue(LogKeys.ROUTE, template)
                    .addKeyValue(LogKeys.STATUS, status)
                    .addKeyValue(LogKeys.DURATION_MICROS, nanos / 1_000)
                    .addKeyValue(LogKeys.TRACE_ID, exchange::traceId)
                    .log("answered");
        });
        cors.allow(request, request.response());
        return exchange;
    }

    private void dispatch(HttpServerRequest request, @Nullable Route route, Exchange exchange) {
        if (route == null) {
            throw Problem.of(ProblemType.NOT_FOUND, "no such path; /openapi.yaml lists those there are")
                    .exception();
        }
        HttpMethod method = request.method();
        if (method.equals(HttpMethod.OPTIONS)) {
            exchange.header(HttpHeaders.ALLOW, route.allow());
            cors.preflight(request, request.response(), route);
            exchange.answerEmpty(204);
            return;
        }
        Optional<Endpoint> endpoint = route.endpoint(method);
        if (endpoint.isEmpty()) {
            exchange.header(HttpHeaders.ALLOW, route.allow());
            throw Problem.of(ProblemType.METHOD_NOT_ALLOWED, "these are served here: " + route.allow())
                    .exception();
        }
        endpoint.get().handle(exchange);
    }
}
