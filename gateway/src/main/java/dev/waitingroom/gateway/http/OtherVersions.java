package dev.waitingroom.gateway.http;

import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpServerConnection;

/**
 * Makes a request of another HTTP than 1.1 and 1.0 one that cannot be parsed. Left to itself Vert.x answers it with 501, in its own version,
 * and nobody is asked, limited or told.
 */
@Sharable
final class OtherVersions extends ChannelInboundHandlerAdapter {
    private static final OtherVersions INSTANCE = new OtherVersions();

    private OtherVersions() {}

    /** @param connection on which nothing was read yet */
    static void refuse(HttpConnection connection) {
        ChannelHandlerContext server = ((HttpServerConnection) connection).channelHandlerContext();
        server.pipeline().addBefore(server.name(), null, INSTANCE);
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // as Vert.x compares them: http/1.1 is another
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpRequest request
                && request.protocolVersion() != HttpVersion.HTTP_1_1
                && request.protocolVersion() != HttpVersion.HTTP_1_0) {
            request.setProtocolVersion(HttpVersion.HTTP_1_1);
            request.setDecoderResult(DecoderResult.failure(new IllegalArgumentException("another version of HTTP")));
        }
        context.fireChannelRead(message);
    }
}
