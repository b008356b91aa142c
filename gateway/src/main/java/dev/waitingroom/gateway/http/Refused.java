package dev.waitingroom.gateway.http;

import io.netty.handler.codec.DecoderResult;

/**
 * A request that cannot be served, and why. A success to Vert.x, which otherwise closes the connection as soon as the answer is sent: TCP
 * then throws the answer away if the client is still sending (RFC 9112, 9.6).
 */
final class Refused extends DecoderResult {
    private final Throwable why;

    Refused(Throwable why) {
        super(SIGNAL_SUCCESS);
        this.why = why;
    }

    Throwable why() {
        return why;
    }
}
