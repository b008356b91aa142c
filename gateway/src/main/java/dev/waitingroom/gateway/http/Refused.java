package dev.waitingroom.gateway.http;

import io.netty.handler.codec.DecoderResult;

/**
 * A request that is refused, and why. Vert.x must take it for a success. Otherwise it closes the connection as soon as the answer is sent,
 * and TCP discards the answer if the client still sends (RFC 9112, 9.6).
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
