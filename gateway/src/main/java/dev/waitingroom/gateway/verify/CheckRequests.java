package dev.waitingroom.gateway.verify;

import dev.waitingroom.gateway.client.IpAddress;
import dev.waitingroom.gateway.client.TrustedProxies;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.service.auth.v3.AttributeContext;
import io.envoyproxy.envoy.service.auth.v3.CheckRequest;
import io.vertx.core.MultiMap;
import java.util.List;
import java.util.Optional;

/**
 * Reads what Envoy says of a visitor's request.
 *
 * @param proxies those that are believed about the visitor's address and scheme
 */
record CheckRequests(TrustedProxies proxies) {
    /** The key of {@code context_extensions} that names the room's event. */
    static final String ROOM = "room";

    private static final String HTTPS = "https";

    /** @param peer the address of Envoy */
    Question question(CheckRequest message, Optional<IpAddress> peer) {
        AttributeContext attributes = message.getAttributes();
        AttributeContext.HttpRequest http = attributes.getRequest().getHttp();
        MultiMap headers = headers(http);
        return new Question(
                attributes.getContextExtensionsOrDefault(ROOM, ""),
                new OriginalRequest(http.getMethod(), http.getPath()),
                headers,
                () -> peer.map(address ->
                        proxies.client(address, headers.getAll(proxies.header().header()))),
                peer.filter(address -> secure(address, headers, http.getScheme()))
                        .isPresent());
    }

    /** Envoy sends a map, or a list with {@code encode_raw_headers}. Names that begin with a colon are of HTTP/2, and no headers. */
    private static MultiMap headers(AttributeContext.HttpRequest http) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        http.getHeadersMap().forEach((name, value) -> add(headers, name, value));
        for (HeaderValue header : http.getHeaderMap().getHeadersList()) {
            add(
                    headers,
                    header.getKey(),
                    header.getRawValue().isEmpty()
                            ? header.getValue()
                            : header.getRawValue().toStringUtf8());
        }
        return headers;
    }

    private static void add(MultiMap headers, String name, String value) {
        if (!name.startsWith(":")) {
            headers.add(name, value);
        }
    }

    /** The header names the scheme of the first proxy. Without it, Envoy's own word counts. */
    private boolean secure(IpAddress peer, MultiMap headers, String scheme) {
        List<String> said = headers.getAll(proxies.header().schemeHeader());
        return said.isEmpty() ? proxies.trusts(peer) && scheme.equals(HTTPS) : proxies.secure(peer, said);
    }
}
