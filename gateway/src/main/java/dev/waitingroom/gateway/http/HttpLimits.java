package dev.waitingroom.gateway.http;

import java.time.Duration;

/**
 * Limits of the server.
 *
 * @param body the time from a request's head to the end of its body; then 408
 * @param head the time from the first byte of a request's head to its last; then the connection is closed
 * @param keepAlive how long a connection may be idle between two requests; then it is closed
 * @param connections open connections; above that, the one that has been idle for longest is closed
 * @param headBytes memory for large heads and for unfinished heads of all connections; above that, connections that use some of it are
 *     closed
 */
public record HttpLimits(Duration body, Duration head, Duration keepAlive, int connections, long headBytes) {
    private static final Duration BODY = Duration.ofSeconds(10);
    private static final Duration HEAD = Duration.ofSeconds(75);

    /** Heads get a fifth of the heap: 60 MB in a pod of 512 MiB. */
    private static final int SHARE_OF_HEAP = 5;

    public static HttpLimits of(int connections, Duration keepAlive) {
        return new HttpLimits(
                BODY, HEAD, keepAlive, connections, Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP);
    }

    /** The share of one event loop. */
    HttpLimits ofOneLoop(int loops) {
        return new HttpLimits(body, head, keepAlive, Math.ceilDiv(connections, loops), Math.ceilDiv(headBytes, loops));
    }
}
