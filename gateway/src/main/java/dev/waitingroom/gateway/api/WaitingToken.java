package dev.waitingroom.gateway.api;

import dev.waitingroom.gateway.http.Exchange;
import java.util.Optional;

/** Where a request carries its waiting token, unless it is in the body. */
final class WaitingToken {
    /** The field of a body. */
    static final String FIELD = "waiting_token";

    private static final String PARAMETER = "token";

    private WaitingToken() {}

    /** From the Authorization header, else from the query. */
    static Optional<String> of(Exchange x) {
        Optional<String> bearer = x.bearerToken();
        return bearer.isPresent() ? bearer : x.queryParameter(PARAMETER);
    }
}
