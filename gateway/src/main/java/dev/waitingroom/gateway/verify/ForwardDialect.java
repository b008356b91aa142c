package dev.waitingroom.gateway.verify;

import dev.waitingroom.gateway.http.Exchange;
import dev.waitingroom.gateway.http.RequestHead;
import dev.waitingroom.gateway.protect.AdmissionRequired;
import java.util.regex.Pattern;

/**
 * ForwardAuth of Traefik, {@code forward_auth} of Caddy, and HAProxy with a script. They ask by GET, tell of the visitor's request in
 * {@code X-Forwarded-*}, and pass on any answer that is not 2xx.
 */
final class ForwardDialect implements Dialect {
    private static final String METHOD = "X-Forwarded-Method";
    private static final String URI = "X-Forwarded-Uri";
    private static final String HOST = "X-Forwarded-Host";
    private static final Pattern AUTHORITY =
            Pattern.compile("(?:[A-Za-z0-9._-]{1,255}|\\[[0-9A-Fa-f:.]{2,45}])(?::[0-9]{1,5})?");

    @Override
    public OriginalRequest original(RequestHead head) {
        if (!head.isFromTrustedProxy()) {
            return new OriginalRequest(head.method(), "");
        }
        return new OriginalRequest(
                head.header(METHOD).orElse(head.method()), head.header(URI).orElse(""));
    }

    @Override
    public void refuse(Exchange exchange, String eventId, OriginalRequest original) {
        if (AdmissionRequired.isNavigation(original.method(), exchange.head().headers())) {
            exchange.writer().redirect(site(exchange) + AdmissionRequired.page(eventId, original.target()));
        } else {
            exchange.answer(AdmissionRequired.problem(eventId));
        }
    }

    /** Traefik reads a path as one of this server, so that it needs the visitor's host. Empty if that is unknown. */
    private static String site(Exchange exchange) {
        RequestHead head = exchange.head();
        return head.header(HOST)
                .filter(host ->
                        head.isFromTrustedProxy() && AUTHORITY.matcher(host).matches())
                .map(host -> (exchange.secure() ? "https://" : "http://") + host)
                .orElse("");
    }
}
