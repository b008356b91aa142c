package dev.waitingroom.gateway.http;

import dev.waitingroom.gateway.client.WebOrigins;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Tells browsers which pages may call, and read the answers (Fetch standard, CORS). Without any origin no such header is sent. */
public final class Cors {
    private static final CharSequence TRUE = HttpHeaders.createOptimized("true");

    /** What a page may read besides the few that any may. */
    private static final CharSequence EXPOSED =
            HttpHeaders.createOptimized("Retry-After, Date, WWW-Authenticate, Allow");

    /** Where a browser does not say which ones it means to send. */
    private static final String READ_HERE = "Authorization, Content-Type, Idempotency-Key, Prefer, traceparent";

    private static final int MAX_LIST = 4 * 1024;
    private static final Pattern TOKENS =
            Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]++(?:[ \\t]*+,[ \\t]*+[A-Za-z0-9!#$%&'*+.^_`|~-]++)*+");

    private final WebOrigins origins;

    public Cors(WebOrigins origins) {
        this.origins = origins;
    }

    /** Tells the browser that the page which sent this request may read the answer. */
    void allow(HttpServerRequest request, HttpServerResponse response) {
        if (origins.none()) {
            return;
        }
        response.putHeader(HttpHeaders.VARY, HttpHeaders.ORIGIN);
        String origin = request.getHeader(HttpHeaders.ORIGIN);
        if (origin != null && origins.allow(origin)) {
            allow(origin, response);
        }
    }

    /**
     * The same for a request of which no Origin was read, such as a line that is too long: an answer that is for all, or for the only one,
     * needs none.
     */
    void allowUnread(HttpServerRequest request, HttpServerResponse response) {
        if (!request.headers().contains(HttpHeaders.ORIGIN)) {
            origins.only().ifPresent(origin -> allow(origin, response));
        }
    }

    private void allow(String origin, HttpServerResponse response) {
        response.putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        response.putHeader(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
        if (origins.credentials()) {
            response.putHeader(HttpHeaderNames.ACCESS_CONTROL_ALLOW_CREDENTIALS, TRUE);
        }
    }

    /** Whether a browser asks on behalf of a page that may call. */
    boolean isPreflight(HttpServerRequest request, HttpServerResponse response) {
        return request.headers().contains(HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD)
                && response.headers().contains(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN);
    }

    /**
     * Answers what the browser asks before it sends the request itself. Any method and any header is allowed: who may call is decided by the
     * origin, and no header that a page can set means more here than it says. Tools for tracing add theirs, and new ones come.
     */
    void preflight(HttpServerRequest request, HttpServerResponse response, String served) {
        MultiMap asked = request.headers();
        response.putHeader(
                HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS,
                list(asked.get(HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD))
                        .filter(method -> !served.contains(method))
                        .map(method -> served.isEmpty() ? method : served + ", " + method)
                        .orElse(served));
        response.putHeader(
                HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS,
                list(asked.get(HttpHeaders.ACCESS_CONTROL_REQUEST_HEADERS)).orElse(READ_HERE));
        response.putHeader(HttpHeaders.ACCESS_CONTROL_MAX_AGE, "600");
    }

    /** Empty where it is not a list of tokens, or an excessive one. */
    private static Optional<String> list(@Nullable String text) {
        return Optional.ofNullable(text)
                .filter(list ->
                        list.length() <= MAX_LIST && TOKENS.matcher(list).matches());
    }
}
