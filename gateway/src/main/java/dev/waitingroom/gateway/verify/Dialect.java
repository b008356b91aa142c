package dev.waitingroom.gateway.verify;

import dev.waitingroom.gateway.http.Exchange;
import dev.waitingroom.gateway.http.RequestHead;
import dev.waitingroom.gateway.protect.ProtectedRoom;

/** How a family of proxies asks, and which answers it understands. An answer is never 5xx: proxies fail then, or let everyone in. */
interface Dialect {
    /** What the visitor asked for. Headers count only from a trusted proxy. */
    OriginalRequest original(RequestHead head);

    /** Whether the visitor's request came over https. The name of the session's cookie follows from it. */
    default boolean secure(Exchange exchange) {
        return exchange.secure();
    }

    /** Adds to an answer of 200 what else the proxy understands. */
    default void admit(Exchange exchange, ProtectedRoom room) {}

    /** Answers that the visitor may not pass. */
    void refuse(Exchange exchange, String eventId, OriginalRequest original);
}
