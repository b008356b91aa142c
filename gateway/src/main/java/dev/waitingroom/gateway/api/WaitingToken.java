package dev.waitingroom.gateway.api;

import dev.waitingroom.gateway.http.Exchange;
import dev.waitingroom.gateway.session.SameOrigin;
import dev.waitingroom.gateway.session.VisitorCookie;
import java.util.Optional;

/** Where a request carries its waiting token, unless it is in the body. */
final class WaitingToken {
    /** The field of a body. */
    static final String FIELD = "waiting_token";

    private static final String PARAMETER = "token";
    private static final String EVENT_ID = "event_id";

    private WaitingToken() {}

    /** From the Authorization header, else from the query, else from the cookie of the event that the query names. */
    static Optional<String> of(Exchange x) {
        return x.head()
                .bearerToken()
                .or(() -> x.head().queryParameter(PARAMETER))
                .or(() -> x.head().queryParameter(EVENT_ID).flatMap(event -> cookie(x, event)));
    }

    /** The token in the cookie of our page. A request of another site that changes something is not believed. */
    static Optional<String> cookie(Exchange x, String eventId) {
        return x.head().reads() || SameOrigin.allows(x.head())
                ? VisitorCookie.WAITING_TOKEN.value(x.head().cookies(), eventId, x.secure())
                : Optional.empty();
    }
}
