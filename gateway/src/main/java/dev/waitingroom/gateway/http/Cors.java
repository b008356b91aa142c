package dev.waitingroom.gateway.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Set;

/**
 * Which web origins may call from a browser (Fetch standard, CORS). Without any, no such header is sent.
 *
 * @param allowedOrigins such as {@code https://tickets.example}; {@code *} for all
 */
record Cors(Set<String> allowedOrigins) {
    private static final String REQUEST_HEADERS = "Authorization, Content-Type, Idempotency-Key, Prefer, traceparent";

    /** Tells the browser that the page which sent this request may read the answer. */
    void allow(HttpServerRequest request, HttpServerResponse response) {
        if (allowedOrigins.isEmpty()) {
            return;
        }
        response.putHeader(HttpHeaders.VARY, HttpHeaders.ORIGIN);
        String origin = request.getHeader(HttpHeaders.ORIGIN);
        if (origin != null && (allowedOrigins.contains("*") || allowedOrigins.contains(origin))) {
            response.putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, origin);
            response.putHeader(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS, "Retry-After");
        }
    }

    /** Answers what the browser asks before it sends the request itself. */
    void preflight(HttpServerRequest request, HttpServerResponse response, Route route) {
        if (response.headers().contains(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN)
                && request.headers().contains(HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD)) {
            response.putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS, route.allow());
            response.putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS, REQUEST_HEADERS);
            response.putHeader(HttpHeaders.ACCESS_CONTROL_MAX_AGE, "600");
        }
    }
}
