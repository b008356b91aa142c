package dev.waitingroom.gateway.upstream;

import dev.waitingroom.gateway.http.ConnectionOptions;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The headers that concern one connection, which a proxy does not forward (RFC 9110, 7.6.1). */
final class HopByHop {
    private static final String UPGRADE = "upgrade";

    /** Those that need not stand in Connection; Transfer-Encoding is the proxy's. */
    private static final List<String> KNOWN =
            List.of("connection", "keep-alive", "proxy-connection", "proxy-authenticate", "te", "trailer", UPGRADE);

    private HopByHop() {}

    /**
     * Removes them from a request or an answer. A client cannot take away what proxies in front say of it, in case that they pass Connection
     * on.
     *
     * @param upgrade whether the connection becomes a WebSocket: both sides then see that
     */
    static void remove(MultiMap headers, boolean upgrade) {
        Stream.concat(
                        headers.getAll(HttpHeaders.CONNECTION).stream(),
                        headers.getAll(ConnectionOptions.OTHERS).stream())
                .flatMap(value -> Arrays.stream(value.split(",", -1)))
                .map(option -> option.strip().toLowerCase(Locale.ROOT))
                .filter(option -> !option.isEmpty() && !(upgrade && option.equals(UPGRADE)))
                .filter(option -> !ForwardedHeaders.isOne(option))
                .forEach(headers::remove);
        if (!upgrade) {
            KNOWN.forEach(headers::remove);
        }
    }
}
