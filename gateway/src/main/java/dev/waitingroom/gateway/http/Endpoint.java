package dev.waitingroom.gateway.http;

/** What answers one method of one path. Called on the event loop, must not block. */
@FunctionalInterface
public interface Endpoint {
    /** @throws ProblemException to answer with a problem */
    void handle(Exchange exchange);
}
