package dev.waitingroom.gateway.http;

/** Receives every answered HTTP request. Thread-safe, fast. */
@FunctionalInterface
public interface RequestMeter {
    /**
     * @param route the path of the route, or "unmatched"
     * @param method as sent by the caller
     * @param status the status of the answer
     * @param nanos the time from the request's head to the end of the answer
     */
    void record(String route, String method, int status, long nanos);
}
