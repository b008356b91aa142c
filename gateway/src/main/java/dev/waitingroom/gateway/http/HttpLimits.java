package dev.waitingroom.gateway.http;

import java.time.Duration;

/**
 * How long a client may take. What is idle for long is closed by Vert.x; these are for those who send a byte now and then.
 *
 * @param body from a request's head to the end of its body; then 408
 * @param betweenHeads from one request's head to the next one's, the pause between them included; then the connection is closed
 * @param connections open at once; where more come, those go on which no request came for longest
 */
record HttpLimits(Duration body, Duration betweenHeads, int connections) {
    static HttpLimits of(int connections) {
        return new HttpLimits(Duration.ofSeconds(10), Duration.ofSeconds(75), connections);
    }
}
