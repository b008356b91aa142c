package dev.waitingroom.gateway.upstream;

import dev.waitingroom.gateway.client.IpAddress;
import dev.waitingroom.gateway.http.RequestOrigin;
import io.netty.util.AsciiString;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Optional;

/**
 * Tells the service behind the gateway who asks: {@code X-Forwarded-*} and {@code Forwarded} (RFC 7239). What the client itself put there is
 * believed only from a trusted proxy.
 */
final class ForwardedHeaders {
    private static final AsciiString FOR = AsciiString.cached("X-Forwarded-For");
    private static final AsciiString PROTO = AsciiString.cached("X-Forwarded-Proto");
    private static final AsciiString HOST = AsciiString.cached("X-Forwarded-Host");
    private static final AsciiString PORT = AsciiString.cached("X-Forwarded-Port");
    private static final AsciiString REAL_IP = AsciiString.cached("X-Real-IP");
    private static final AsciiString FORWARDED = AsciiString.cached("Forwarded");
    private static final List<AsciiString> ALL = List.of(FOR, PROTO, HOST, PORT, REAL_IP, FORWARDED);

    private ForwardedHeaders() {}

    /** Whether this is one of these headers. */
    static boolean isOne(String name) {
        return ALL.stream().anyMatch(known -> known.contentEqualsIgnoreCase(name));
    }

    /** @param headers of the request to the service; at first a copy of the client's */
    static void set(MultiMap headers, HttpServerRequest request, RequestOrigin origin, boolean secure) {
        Optional<IpAddress> address = origin.peer(request);
        String peer = address.map(IpAddress::toString).orElse("unknown");
        boolean trusted = address.filter(origin.proxies()::trusts).isPresent();
        String scheme = secure ? "https" : "http";
        String host = Authority.of(request).orElse("");
        String before = trusted ? joined(headers.getAll(FOR)) : "";
        String elements = trusted ? joined(headers.getAll(FORWARDED)) : "";
        String outerHost = trusted ? headers.getAll(HOST).stream().findFirst().orElse(host) : host;
        ALL.forEach(headers::remove);
        headers.set(FOR, before + peer);
        headers.set(PROTO, scheme);
        if (!outerHost.isEmpty()) {
            headers.set(HOST, outerHost);
        }
        headers.set(PORT, port(outerHost, secure));
        String named = outerHost.isEmpty() ? "" : ";host=" + quoted(outerHost);
        headers.set(FORWARDED, elements + "for=" + quoted(peer) + named + ";proto=" + scheme);
    }

    private static String joined(List<String> values) {
        return values.isEmpty() ? "" : String.join(", ", values) + ", ";
    }

    private static String port(String host, boolean secure) {
        int colon = host.lastIndexOf(':');
        String port = colon < 0 || host.endsWith("]") ? "" : host.substring(colon + 1);
        return port.isEmpty() ? (secure ? "443" : "80") : port;
    }

    /** RFC 7239, 6: an IPv6 address stands in brackets and quotes; a host with a port stands in quotes. */
    private static String quoted(String node) {
        if (node.indexOf(':') < 0) {
            return node;
        }
        boolean bareV6 = node.indexOf(':') != node.lastIndexOf(':') && !node.startsWith("[");
        return '"' + (bareV6 ? "[" + node + "]" : node) + '"';
    }
}
