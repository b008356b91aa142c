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

/** Lets pages of allowed origins call and read the answers (Fetch standard, CORS). Without an allowed origin it sends no header. */
public final class Cors {
    private static final CharSequence TRUE = HttpHeaders.createOptimized("true");

    /** Headers that a page may read in addition to the CORS-safelisted ones. */
    private static final CharSequence EXPOSED =
            HttpHeaders.createOptimized("Retry-After, Date, WWW-Authenticate, Allow");

    /** The allowed headers if the preflight does not name those that will be sent. */
    private static final String READ_HERE = "Authorization, Content-Type, Idempotency-Key, Prefer, traceparent";

    private static final int MAX_LIST = 4 * 1024;
    private static final Pattern TOKENS =
            Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]++(?:[ \\t]*+,[ \\t]*+[A-Za-z0-9!#$%&'*+.^_`|~-]++)*+");

    private final WebOrigins origins;

    public Cors(WebOrigins origins) {
        this.origins = origins;
    }

    /** Lets the page that sent the request read the answer, if its origin is allowed. */
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
     * Lets a page read the answer to a request whose Origin was not read, such as one with a request line that is too long. This is
     * possible if all origins or only one are allowed.
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

    /** Whether this is a preflight of an allowed origin. */
    boolean isPreflight(HttpServerRequest request, HttpServerResponse response) {
        return request.headers().contains(HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD)
                && response.headers().contains(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN);
    }

    /**
     * Answers a preflight. It allows any method and any header, since only the origin decides. No header that a page can set has a special
     * meaning here, and tracing tools add headers of their own.
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

    /** Empty if the text is not a list of tokens, or is too long. */
    private static Optional<String> list(@Nullable String text) {
        return Optional.ofNullable(text)
                .filter(list ->
                        list.length() <= MAX_LIST && TOKENS.matcher(list).matches());
    }
}
