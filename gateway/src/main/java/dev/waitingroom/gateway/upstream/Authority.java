package dev.waitingroom.gateway.upstream;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;

/** The host that a request names, perhaps with a port. */
final class Authority {
    private static final String SCHEME_END = "://";

    private Authority() {}

    /** That of an absolute target, else that of Host (RFC 9112, 3.2.2). Empty if an HTTP/1.0 client names none. */
    static Optional<String> of(HttpServerRequest request) {
        String target = request.uri();
        int scheme = target.startsWith("/") ? -1 : target.indexOf(SCHEME_END);
        if (scheme < 0) {
            return Optional.ofNullable(request.getHeader(HttpHeaders.HOST));
        }
        String rest = target.substring(scheme + SCHEME_END.length());
        int end = 0;
        while (end < rest.length() && "/?#".indexOf(rest.charAt(end)) < 0) {
            end++;
        }
        return Optional.of(rest.substring(rest.lastIndexOf('@', end) + 1, end));
    }
}
