package dev.waitingroom.gateway.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What a request says before its body. Headers are gone after {@link Exchange#await}. Confined to the exchange's event loop. */
public final class RequestHead {
    private static final CharSequence IDEMPOTENCY_KEY = HttpHeaders.createOptimized("idempotency-key");
    private static final CharSequence PREFER = HttpHeaders.createOptimized("prefer");

    private final HttpServerRequest request;
    private final String pathVariable;

    RequestHead(HttpServerRequest request, String pathVariable) {
        this.request = request;
        this.pathVariable = pathVariable;
    }

    /** The segment in place of the variable of the route's path, as the client sent it; empty if the path has none. */
    public String pathVariable() {
        return pathVariable;
    }

    /** Whether the method is GET or HEAD. */
    public boolean reads() {
        return request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD);
    }

    /** The first value of a header. */
    public Optional<String> header(CharSequence name) {
        return Optional.ofNullable(request.getHeader(name));
    }

    /** Whether a read names this representation in If-None-Match, so that 304 is enough. */
    public boolean has(EntityTag tag) {
        return reads() && tag.isIn(request.headers().getAll(HttpHeaders.IF_NONE_MATCH));
    }

    public Optional<String> queryParameter(String name) {
        return Query.parameter(request.query(), name);
    }

    public Optional<String> bearerToken() {
        return BearerToken.from(request.getHeader(HttpHeaders.AUTHORIZATION));
    }

    /** The {@code Cookie} headers, for {@link CookieHeader}. */
    public List<String> cookies() {
        return request.headers().getAll(HttpHeaders.COOKIE);
    }

    public Optional<String> idempotencyKey() {
        return header(IDEMPOTENCY_KEY);
    }

    /** The {@code wait} that the caller prefers (RFC 7240), at most {@code max}; {@code max} if it prefers none. */
    public Duration preferredWait(Duration max) {
        return PreferHeader.wait(request.headers().getAll(PREFER), max);
    }
}
