package dev.waitingroom.gateway.upstream;

import dev.waitingroom.gateway.http.ConnectionOptions;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.List;
import java.util.stream.Stream;

/** The headers that concern one connection, which a proxy does not forward (RFC 9110, 7.6.1). */
final class HopByHop {
    private static final String UPGRADE = "upgrade";

    /** Those that need not stand in Connection; Transfer-Encoding is the proxy's. */
    private static final List<CharSequence> KNOWN = Stream.of(
                    "connection", "keep-alive", "proxy-connection", "proxy-authenticate", "te", "trailer", UPGRADE)
            .map(HttpHeaders::createOptimized)
            .toList();

    private HopByHop() {}

    /**
     * Removes them from a request or an answer. A client cannot take away what proxies in front say of it, in case that they pass Connection
     * on.
     *
     * @param upgrade whether the connection becomes a WebSocket: both sides then see that
     */
    static void remove(MultiMap headers, boolean upgrade) {
        removeOptions(headers, HttpHeaders.CONNECTION, upgrade);
        removeOptions(headers, ConnectionOptions.OTHERS, upgrade);
        if (!upgrade) {
            KNOWN.forEach(headers::remove);
        }
    }

    private static void removeOptions(MultiMap headers, CharSequence named, boolean upgrade) {
        for (String value : headers.getAll(named)) {
            for (String part : value.split(",", -1)) {
                String option = part.strip();
                boolean stays = option.isEmpty()
                        || (upgrade && option.equalsIgnoreCase(UPGRADE))
                        || ForwardedHeaders.isOne(option);
                if (!stays) {
                    headers.remove(option);
                }
            }
        }
    }
}
