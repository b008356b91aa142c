package dev.waitingroom.gateway.verify;

import dev.waitingroom.gateway.http.Exchange;
import dev.waitingroom.gateway.http.RequestHead;
import dev.waitingroom.gateway.protect.AdmissionRequired;
import dev.waitingroom.gateway.protect.ProtectedRoom;
import dev.waitingroom.queue.site.BypassRules.SecretHeader;
import java.util.stream.Collectors;

/**
 * {@code ext_authz} of Envoy over HTTP, also in Envoy Gateway and Istio. It asks with the visitor's method, and with the visitor's path
 * below the path of the check. It passes on any answer that is neither 200 nor 5xx.
 */
final class EnvoyDialect implements Dialect {
    private static final String REMOVE = "x-envoy-auth-headers-to-remove";

    @Override
    public OriginalRequest original(RequestHead head) {
        return new OriginalRequest(head.method(), head.below());
    }

    /** The service does not see the secret of a bypass. */
    @Override
    public void admit(Exchange exchange, ProtectedRoom room) {
        if (!room.protection().bypass().headers().isEmpty()) {
            exchange.header(
                    REMOVE,
                    room.protection().bypass().headers().stream()
                            .map(SecretHeader::name)
                            .collect(Collectors.joining(",")));
        }
    }

    @Override
    public void refuse(Exchange exchange, String eventId, OriginalRequest original) {
        if (AdmissionRequired.isNavigation(original.method(), exchange.head().headers())) {
            exchange.writer().redirect(AdmissionRequired.page(eventId, original.target()));
        } else {
            exchange.answer(AdmissionRequired.problem(eventId));
        }
    }
}
