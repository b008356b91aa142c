package dev.waitingroom.gateway.upstream;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** A body that tells of each part that passes. Buffers nothing. */
final class WatchedStream implements ReadStream<Buffer> {
    private final ReadStream<Buffer> source;
    private final LongConsumer passed;
    private long bytes;

    /** @param passed gets the bytes of the body so far */
    WatchedStream(ReadStream<Buffer> source, LongConsumer passed) {
        this.source = source;
        this.passed = passed;
    }

    @Override
    public ReadStream<Buffer> handler(@Nullable Handler<Buffer> handler) {
        source.handler(
                handler == null
                        ? null
                        : buffer -> {
                            bytes += buffer.length();
                            passed.accept(bytes);
                            handler.handle(buffer);
                        });
        return this;
    }

    @Override
    public ReadStream<Buffer> exceptionHandler(@Nullable Handler<Throwable> handler) {
        source.exceptionHandler(handler);
        return this;
    }

    @Override
    public ReadStream<Buffer> pause() {
        source.pause();
        return this;
    }

    @Override
    public ReadStream<Buffer> resume() {
        source.resume();
        return this;
    }

    @Override
    public ReadStream<Buffer> fetch(long amount) {
        source.fetch(amount);
        return this;
    }

    @Override
    public ReadStream<Buffer> endHandler(@Nullable Handler<Void> handler) {
        source.endHandler(handler);
        return this;
    }
}
