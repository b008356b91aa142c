package dev.waitingroom.gateway.session;

import dev.waitingroom.gateway.http.RequestHead;
import io.vertx.core.http.HttpHeaders;
import java.util.Locale;
import java.util.Optional;

/**
 * Tells a request of our own page from one that another site forged. Browsers send Sec-Fetch-Site, and no script can set it. They leave it
 * out over plain http; then the host of Origin must be the host that was asked. Pure.
 */
public final class SameOrigin {
    private static final String SAME_ORIGIN = "same-origin";

    private SameOrigin() {}

    /** Whether a request that changes something is from a page of this origin, or from a client that is not a browser. */
    public static boolean allows(RequestHead head) {
        return allows(head.header("Sec-Fetch-Site"), head.header(HttpHeaders.ORIGIN), head.header(HttpHeaders.HOST));
    }

    static boolean allows(Optional<String> site, Optional<String> origin, Optional<String> host) {
        if (site.isPresent()) {
            return site.get().equals(SAME_ORIGIN);
        }
        return origin.map(from -> host.filter(asked -> authority(from).equals(asked.toLowerCase(Locale.ROOT)))
                        .isPresent())
                .orElse(true);
    }

    private static String authority(String origin) {
        int scheme = origin.indexOf("://");
        return scheme < 0 ? "" : origin.substring(scheme + 3).toLowerCase(Locale.ROOT);
    }
}
