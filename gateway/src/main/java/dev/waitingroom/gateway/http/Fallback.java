package dev.waitingroom.gateway.http;

import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;

/** Serves what no route serves, such as a service behind this server. Thread-safe; runs on the event loop of the request. */
public interface Fallback {
    /** Serves nothing. */
    Fallback NONE = request -> Optional.empty();

    /** What answers the request; empty if this does not serve it. Asked for paths without a route, and for {@code /}. */
    Optional<Answerer> find(HttpServerRequest request);

    /** Answers one request. */
    interface Answerer {
        /**
         * Answers, through the exchange or through the response itself.
         *
         * @param charge counts the request for the client, and throws a {@link ProblemException} above the client's rate limit
         */
        void answer(Exchange exchange, Runnable charge);
    }
}
