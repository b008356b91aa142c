package dev.waitingroom.gateway.http;

import io.vertx.core.http.HttpServerRequest;

/** Serves what no route serves, such as a service behind this server. Thread-safe; runs on the event loop of the request. */
public interface Fallback {
    /** Serves nothing. */
    Fallback NONE = new Fallback() {
        @Override
        public boolean claims(HttpServerRequest request) {
            return false;
        }

        @Override
        public void handle(HttpServerRequest request, Exchange exchange, Runnable charge) {
            throw new IllegalStateException("nothing was claimed");
        }
    };

    /** Whether this serves the request. Asked for paths without a route, and for {@code /}. */
    boolean claims(HttpServerRequest request);

    /**
     * Answers, through the exchange or through the response itself.
     *
     * @param charge counts the request for the client, and throws a {@link ProblemException} above the client's rate limit
     */
    void handle(HttpServerRequest request, Exchange exchange, Runnable charge);
}
