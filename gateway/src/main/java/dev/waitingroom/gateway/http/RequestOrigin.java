package dev.waitingroom.gateway.http;

import dev.waitingroom.gateway.client.IpAddress;
import dev.waitingroom.gateway.client.TrustedProxies;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.util.Optional;

/**
 * Where a request came from: its connection, and what trusted proxies say of the client.
 *
 * @param proxies the proxies that are believed
 */
public record RequestOrigin(TrustedProxies proxies) {
    /** The address that opened the connection. */
    public Optional<IpAddress> peer(HttpServerRequest request) {
        SocketAddress peer = request.connection().remoteAddress();
        return Optional.ofNullable(peer == null ? null : peer.hostAddress()).flatMap(IpAddress::parse);
    }

    /** The client: the peer, or whom the trusted proxies name. */
    public Optional<IpAddress> client(HttpServerRequest request) {
        return peer(request)
                .map(address -> proxies.trusts(address)
                        ? proxies.client(
                                address,
                                request.headers().getAll(proxies.header().header()))
                        : address);
    }

    /** Whether the client's request came over https. This server itself speaks plain http, so only a trusted proxy can say so. */
    public boolean secure(HttpServerRequest request) {
        if (proxies.none()) {
            return false;
        }
        return peer(request)
                .filter(address -> proxies.secure(
                        address, request.headers().getAll(proxies.header().schemeHeader())))
                .isPresent();
    }
}
