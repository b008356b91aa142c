package dev.waitingroom.gateway.http;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMessageDecoderResult;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpServerConnection;
import java.util.function.BooleanSupplier;

/**
 * Follows the requests of a connection, and marks those that break the rules of HTTP as refused. Vert.x would answer some of them itself,
 * or close without an answer, past our router, limits and metrics. Confined to an event loop.
 */
final class Requests extends ChannelDuplexHandler {
    /** Receives the progress of a connection. */
    interface Listener extends HeadDecoder.Progress {
        /** A head is complete. */
        void asked();

        /** An answer is complete. */
        void answered();

        /** The answer under way is a stream: nothing else is asked on the connection until it ends. */
        void streaming();

        /** A body is complete; it may be empty. */
        void sent();

        /** @param stalled whether answers pile up because the client does not read them */
        void stalled(boolean stalled);
    }

    private static final String DECODER = "httpDecoder"; // Vert.x's name for it

    /** Only Netty's native transport knows it; others ignore it. */
    private static final ChannelOption<Integer> USER_TIMEOUT =
            ChannelOption.valueOf("io.netty.channel.epoll.EpollChannelOption#TCP_USER_TIMEOUT");

    /** A connection that broke silently would otherwise take events for a quarter of an hour, and keep the visitor's place. */
    private static final int STREAM_TIMEOUT_MILLIS = 30_000;

    private HeadDecoder decoder;
    private final Listener listener;
    private BooleanSupplier malformedBody = () -> false;
    private boolean refused;
    private boolean streaming;

    private Requests(HeadDecoder decoder, Listener listener) {
        this.decoder = decoder;
        this.listener = listener;
    }

    /** @param connection a new connection, on which nothing was read yet */
    static void follow(HttpConnection connection, Listener listener) {
        ChannelHandlerContext server = context(connection);
        HeadDecoder decoder = new HeadDecoder(listener);
        server.pipeline().replace(DECODER, DECODER, decoder);
        server.pipeline().addBefore(server.name(), null, new Requests(decoder, listener));
    }

    /** @param answer answers a malformed body, and returns whether it did; if not, the connection is closed */
    static void onMalformedBody(HttpConnection connection, BooleanSupplier answer) {
        context(connection).pipeline().get(Requests.class).malformedBody = answer;
    }

    /** The answer under way is a stream. */
    static void stream(HttpConnection connection) {
        context(connection).pipeline().get(Requests.class).stream(context(connection));
    }

    private void stream(ChannelHandlerContext context) {
        streaming = true;
        context.channel().config().setOption(USER_TIMEOUT, STREAM_TIMEOUT_MILLIS);
        listener.streaming();
        if (decoder.kept() > HeadDecoder.SMALL) {
            // Later, since the decoder is passing the head on.
            context.channel().eventLoop().execute(() -> renewDecoder(context));
        }
    }

    /** A decoder keeps as much memory as the longest line had. A stream would keep it for hours. */
    private void renewDecoder(ChannelHandlerContext context) {
        if (context.channel().isActive()) {
            decoder = new HeadDecoder(listener);
            context.pipeline().replace(DECODER, DECODER, decoder);
            listener.read(0, 0);
        }
    }

    private static ChannelHandlerContext context(HttpConnection connection) {
        return ((HttpServerConnection) connection).channelHandlerContext();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (refused) {
            ReferenceCountUtil.release(message);
            return;
        }
        if (message instanceof HttpRequest request) {
            head(request);
        } else if (message instanceof HttpContent content
                && content.decoderResult().isFailure()) {
            malformedBody(context, content);
            return;
        }
        if (message instanceof LastHttpContent) {
            malformedBody = () -> false;
            decoder.bodyRead();
            listener.sent();
        }
        context.fireChannelRead(message);
    }

    private void head(HttpRequest request) {
        int size = request.decoderResult() instanceof HttpMessageDecoderResult sizes ? sizes.totalSize() : 0;
        decoder.headRead(size);
        listener.asked();
        if (request.decoderResult().isFailure()) {
            refuse(request, request.decoderResult().cause());
            return;
        }
        try {
            HeadRules.check(request);
        } catch (BadHeadException e) {
            refuse(request, e);
        }
    }

    private void refuse(HttpRequest request, Throwable why) {
        refused = true;
        request.setProtocolVersion(HttpVersion.HTTP_1_1);
        request.setDecoderResult(new Refused(why));
    }

    private void malformedBody(ChannelHandlerContext context, HttpContent content) {
        refused = true;
        content.release();
        if (!malformedBody.getAsBoolean()) {
            var _ = context.channel().close();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        listener.stalled(!context.channel().isWritable());
        context.fireChannelWritabilityChanged();
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        boolean last = message instanceof LastHttpContent && !isInterim(message);
        var _ = context.write(message, promise);
        if (last) {
            endStream(context);
            listener.answered();
        }
    }

    private void endStream(ChannelHandlerContext context) {
        if (streaming) {
            streaming = false;
            context.channel().config().setOption(USER_TIMEOUT, 0);
        }
    }

    /** An answer follows 100 (Continue). After 101 (Switching Protocols) the connection stays in use until it is closed. */
    private static boolean isInterim(Object message) {
        return message instanceof HttpResponse response
                && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
    }
}
