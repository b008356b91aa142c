package dev.waitingroom.gateway.upstream;

import dev.waitingroom.gateway.http.RequestOrigin;
import dev.waitingroom.gateway.protect.ProtectedRoom;
import dev.waitingroom.gateway.session.DueRenewal;
import dev.waitingroom.gateway.session.Session;
import dev.waitingroom.gateway.session.SessionIssuer;
import dev.waitingroom.gateway.session.SessionPlaces;
import dev.waitingroom.gateway.session.VisitorCookie;
import io.netty.util.AsciiString;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import io.vertx.httpproxy.ProxyRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a proxied request and its answer say besides what visitor and service told each other. Confined to the event loop of the request. */
final class UpstreamHeaders {
    private static final String OURS = "waiting-room-";
    private static final AsciiString COMMAND = AsciiString.cached("waiting-room-command");
    private static final String REVOKE = "revoke";
    private static final String NO_STORE = "no-store";

    private final ProtectedRoom target;
    private final Optional<Session> session;
    private final HttpServerRequest request;
    private final RequestOrigin origin;
    private final boolean secure;
    private final DueRenewal renewal;

    UpstreamHeaders(
            ProtectedRoom target,
            Optional<Session> session,
            HttpServerRequest request,
            RequestOrigin origin,
            SessionIssuer sessions,
            boolean secure) {
        this.target = target;
        this.session = session;
        this.request = request;
        this.origin = origin;
        this.secure = secure;
        this.renewal = new DueRenewal(target.room(), target.site().session(), session, sessions);
    }

    /**
     * The request line and headers that the service sees.
     *
     * @param upgrade whether the visitor asks for a WebSocket
     */
    void toService(ProxyRequest out, boolean upgrade) {
        if (!request.uri().startsWith("/")
                && !request.uri().equals("*")) { // an absolute target: the service gets its path
            out.setURI(request.path() + (request.query() == null ? "" : "?" + request.query()));
        }
        Authority.of(request)
                .flatMap(host -> Optional.ofNullable(HostAndPort.parseAuthority(host, -1)))
                .ifPresent(out::setAuthority);
        MultiMap headers = out.headers();
        HopByHop.remove(headers, upgrade);
        headers.remove(HttpHeaders.EXPECT);
        removeOurs(headers);
        target.protection().bypass().headers().forEach(header -> headers.remove(header.name()));
        List<String> cookies = headers.getAll(HttpHeaders.COOKIE).stream()
                .flatMap(header -> VisitorCookie.strip(header, target.room().eventId()).stream())
                .toList();
        headers.remove(HttpHeaders.COOKIE);
        if (!cookies.isEmpty()) {
            headers.set(HttpHeaders.COOKIE, String.join("; ", cookies));
        }
        ForwardedHeaders.set(headers, request, origin, secure);
    }

    private static void removeOurs(MultiMap headers) {
        List<String> ours = new ArrayList<>();
        for (Map.Entry<String, String> header : headers) {
            if (header.getKey().regionMatches(true, 0, OURS, 0, OURS.length())) {
                ours.add(header.getKey());
            }
        }
        ours.forEach(headers::remove);
    }

    /** The headers that the visitor sees. */
    void toVisitor(MultiMap headers, boolean upgrade) {
        boolean revoked =
                REVOKE.equalsIgnoreCase(String.valueOf(headers.get(COMMAND)).strip());
        headers.remove(COMMAND);
        HopByHop.remove(headers, upgrade);
        if (revoked) {
            session.ifPresent(known -> SessionPlaces.end(target.room(), known));
            headers.set(HttpHeaders.CACHE_CONTROL, NO_STORE);
            // The place as well: it is admitted already, and would lead in again without a wait.
            for (VisitorCookie cookie : VisitorCookie.values()) {
                headers.add(HttpHeaders.SET_COOKIE, cookie.delete(target.room().eventId(), secure));
            }
        } else if (!upgrade) {
            renewal.cookie(secure)
                    .filter(cookie -> SessionRenewal.makePrivate(headers))
                    .ifPresent(cookie -> headers.add(HttpHeaders.SET_COOKIE, cookie));
        }
    }
}
