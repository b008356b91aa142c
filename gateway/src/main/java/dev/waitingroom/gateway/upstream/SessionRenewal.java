package dev.waitingroom.gateway.upstream;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.List;
import java.util.Locale;

/** Whether an answer of the service may carry a renewed session cookie. Pure. */
final class SessionRenewal {
    private static final String PRIVATE = "private";
    private static final String NO_STORE = "no-store";
    private static final List<String> SHARED = List.of("public", "s-maxage", "max-age");

    private SessionRenewal() {}

    /**
     * Keeps shared caches from storing an answer with a cookie: they would give one visitor's session to others.
     *
     * @return whether the answer may carry a cookie; if not, it is left as it was
     */
    static boolean makePrivate(MultiMap headers) {
        String cacheControl =
                String.join(",", headers.getAll(HttpHeaders.CACHE_CONTROL)).toLowerCase(Locale.ROOT);
        if (cacheControl.contains(PRIVATE) || cacheControl.contains(NO_STORE)) {
            return true;
        }
        if (SHARED.stream().anyMatch(cacheControl::contains) || headers.contains(HttpHeaders.EXPIRES)) {
            return false;
        }
        headers.add(HttpHeaders.CACHE_CONTROL, PRIVATE);
        return true;
    }
}
