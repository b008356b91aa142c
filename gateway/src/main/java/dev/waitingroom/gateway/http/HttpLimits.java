package dev.waitingroom.gateway.http;

import java.time.Duration;

/**
 * What clients may take of the server.
 *
 * @param body from a request's head to the end of its body; then 408
 * @param head from the first byte of a request's head to its last; then the connection is closed
 * @param keepAlive how long a connection may be idle between two requests; then it is closed
 * @param connections open at once; where more come, those go that have been idle for longest
 * @param headBytes memory for large heads and for those that are still arriving, in all connections; past it, connections that hold some
 *     of it are closed
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

    /** The part of one of the event loops. */
    HttpLimits ofOneLoop(int loops) {
        return new HttpLimits(body, head, keepAlive, Math.ceilDiv(connections, loops), Math.ceilDiv(headBytes, loops));
    }
}
