package dev.waitingroom.gateway.http;

/** Answers a method of a path. Runs on the event loop and must not block. */
@FunctionalInterface
public interface Endpoint {
    /** @throws ProblemException to answer with a problem */
    void handle(Exchange exchange);
}
