package dev.waitingroom.gateway.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.util.AsciiString;
import io.vertx.core.http.Http1ServerConfig;
import io.vertx.core.http.impl.http1.VertxHttpRequestDecoder;

/**
 * Vert.x's decoder, with a limit for the number of fields and a report of its memory. A field of three bytes takes a hundred bytes of
 * memory, so a limit of bytes alone would not bound it. Confined to an event loop.
 */
final class HeadDecoder extends VertxHttpRequestDecoder {
    /** RFC 9110, 4.1 recommends at least 8000 bytes. */
    static final int MAX_LINE = 8 * 1024;

    /** Browsers store 180 cookies of 4 KB for a site. A shop uses 8 to 16 KB of them. */
    static final int MAX_HEADERS = 32 * 1024;

    /** Fields of the head and the trailers. */
    static final int MAX_FIELDS = 200;

    /** Bytes that a connection may keep unnoticed. The number of connections bounds these. */
    static final int SMALL = 2 * 1024;

    private static final int MAX_HEAD = MAX_LINE + MAX_HEADERS;

    /** Receives the memory in use after each read. */
    @FunctionalInterface
    interface Progress {
        /**
         * @param unfinished bytes of a head that is not complete
         * @param kept bytes of the largest head so far, since the decoder keeps a buffer of the size of its longest line
         */
        void read(int unfinished, int kept);
    }

    private final Progress progress;
    private int fields;
    private int unfinished;
    private int kept;
    private boolean inHead;
    private boolean inBody;

    HeadDecoder(Progress progress) {
        super(new Http1ServerConfig().setMaxInitialLineLength(MAX_LINE).setMaxHeaderSize(MAX_HEADERS));
        this.progress = progress;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        int bytes = message instanceof ByteBuf buffer ? buffer.readableBytes() : 0;
        super.channelRead(context, message);
        if (inHead) {
            unfinished = Math.min(unfinished + bytes, MAX_HEAD);
        } else {
            unfinished = inBody ? 0 : actualReadableBytes();
        }
        kept = Math.max(kept, unfinished);
        progress.read(unfinished, kept);
    }

    /** The head is complete and was passed on. */
    void headRead(int size) {
        inHead = false;
        inBody = true;
        kept = Math.max(kept, size);
    }

    /** Bytes of the largest head so far. */
    int kept() {
        return kept;
    }

    /** The body is complete and was passed on. */
    void bodyRead() {
        inBody = false;
    }

    @Override
    protected HttpMessage createMessage(String[] initialLine) {
        inHead = true;
        fields = 0;
        unfinished = 0;
        return super.createMessage(initialLine);
    }

    @Override
    protected AsciiString splitHeaderName(byte[] bytes, int start, int length) {
        if (++fields > MAX_FIELDS) {
            throw new TooLongHttpHeaderException("more than " + MAX_FIELDS + " fields");
        }
        if (length == 0) {
            throw new BadHeadException("a field has no name");
        }
        return super.splitHeaderName(bytes, start, length);
    }
}
