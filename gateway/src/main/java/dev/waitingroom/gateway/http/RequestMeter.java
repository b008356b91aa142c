package dev.waitingroom.gateway.http;

/** Is told of every HTTP request that was answered. Thread-safe, quick. */
@FunctionalInterface
public interface RequestMeter {
    /**
     * @param route the path of the route, or "unmatched"
     * @param method as it was sent
     * @param status of the answer
     * @param nanos from the request's head to the end of the answer
     */
    void record(String route, String method, int status, long nanos);
}
