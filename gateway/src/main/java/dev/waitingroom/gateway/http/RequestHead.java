package dev.waitingroom.gateway.http;

import dev.waitingroom.gateway.client.IpAddress;
import io.vertx.core.MultiMap;
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
    private final RequestOrigin origin;
    private final String pathVariable;
    private final String below;

    RequestHead(HttpServerRequest request, RequestOrigin origin, String pathVariable, String below) {
        this.request = request;
        this.origin = origin;
        this.pathVariable = pathVariable;
        this.below = below;
    }

    /** The segment in place of the variable of the route's path, as the client sent it; empty if the path has none. */
    public String pathVariable() {
        return pathVariable;
    }

    /** Path and query below the path of the route, as the client sent them; empty if there is nothing. */
    public String below() {
        return request.query() == null ? below : below + "?" + request.query();
    }

    public String method() {
        return request.method().name();
    }

    /** All headers, as the client sent them. */
    public MultiMap headers() {
        return request.headers();
    }

    /** The client: the peer, or whom the trusted proxies name. */
    public Optional<IpAddress> client() {
        return origin.client(request);
    }

    /** Whether a trusted proxy sent the request, so that its headers can be believed. */
    public boolean isFromTrustedProxy() {
        return origin.peer(request).filter(origin.proxies()::trusts).isPresent();
    }

    /** Whether a body follows. */
    public boolean announcesBody() {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        return request.headers().contains(HttpHeaders.TRANSFER_ENCODING) || (length != null && !length.equals("0"));
    }

    /** Whether the method is GET or HEAD. */
    public boolean reads() {
        return request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD);
    }

    /** The first value of a header. */
    public Optional<String> header(CharSequence name) {
        return Optional.ofNullable(request.getHeader(name));
    }

    /** Whether the client takes a compressed body. */
    public boolean takesGzip() {
        return AcceptEncoding.takesGzip(request.headers().getAll(HttpHeaders.ACCEPT_ENCODING));
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
