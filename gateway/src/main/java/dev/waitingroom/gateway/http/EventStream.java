package dev.waitingroom.gateway.http;

import dev.waitingroom.gateway.http.EventFeed.Step;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One stream of server-sent events. Confined to the event loop of its request. */
final class EventStream {
    private static final Logger LOGGER = LoggerFactory.getLogger(EventStream.class);

    /** Proxies close a connection on which nothing was sent for a while, the strictest after 30 s. */
    private static final long KEEP_ALIVE_NANOS = Duration.ofSeconds(15).toNanos();

    /** How long a client may leave what was sent unread. */
    private static final long PATIENCE_NANOS = Duration.ofSeconds(30).toNanos();

    private static final int MIN_RETRY_MILLIS = 1_000;
    private static final int MAX_RETRY_MILLIS = 5_000;
    private static final Buffer KEEP_ALIVE = Buffer.buffer(":\n\n");

    private final StreamWriter writer;
    private final EventFeed feed;
    private final StreamMeter meter;
    private final Runnable giveBack;
    private boolean open = true;
    private boolean stalled;
    private long stalledNanos;
    private long wroteNanos;
    private long dueNanos;

    /** When the stream ends because the process shuts down. */
    private Optional<Long> lastNanos = Optional.empty();

    /** @param giveBack runs when the stream is over */
    EventStream(StreamWriter writer, EventFeed feed, StreamMeter meter, Runnable giveBack) {
        this.writer = writer;
        this.feed = feed;
        this.meter = meter;
        this.giveBack = giveBack;
    }

    void begin(ServerSentEvent first, long nowNanos) {
        writer.begin(
                Buffer.buffer(": connected\n").appendString(retry()).appendBuffer(first.wire()),
                () -> over(StreamEnd.CLIENT_GONE));
        meter.eventSent();
        wroteNanos = nowNanos;
    }

    boolean isOpen() {
        return open;
    }

    long dueNanos() {
        return dueNanos;
    }

    /** Sets when to look next. A stream that has to end is looked at when it does. */
    void lookAt(long nanos) {
        dueNanos = lastNanos.filter(last -> last - nanos < 0).orElse(nanos);
    }

    void endAt(long nanos) {
        lastNanos = Optional.of(nanos);
        lookAt(dueNanos);
    }

    /** Sends what is new, if the client has read what was sent before. Throws nothing, since other streams are to be looked at next. */
    void look(long nowNanos) {
        if (!open) {
            return;
        }
        try {
            proceed(nowNanos);
        } catch (RuntimeException e) {
            LOGGER.atError()
                    .setCause(e)
                    .addKeyValue(HttpLogKeys.ROUTE, writer.path())
                    .log("stream failed unexpectedly");
            over(StreamEnd.FAILED);
            writer.cut();
        }
    }

    private void proceed(long nowNanos) {
        if (lastNanos.filter(last -> last - nowNanos <= 0).isPresent()) {
            end(Optional.empty(), StreamEnd.DRAINED);
        } else if (writer.isFull()) {
            await(nowNanos);
        } else {
            stalled = false;
            follow(feed.next(nowNanos), nowNanos);
        }
    }

    private void await(long nowNanos) {
        if (!stalled) {
            stalled = true;
            stalledNanos = nowNanos;
        } else if (nowNanos - stalledNanos >= PATIENCE_NANOS) {
            over(StreamEnd.SLOW_CLIENT);
            writer.cut();
        }
    }

    private void follow(Step step, long nowNanos) {
        switch (step) {
            case Step.Send(ServerSentEvent event) -> {
                write(event.wire(), nowNanos);
                meter.eventSent();
            }
            case Step.Pause pause -> {
                if (nowNanos - wroteNanos >= KEEP_ALIVE_NANOS) {
                    write(KEEP_ALIVE, nowNanos);
                }
            }
            case Step.End(Optional<ServerSentEvent> last) -> end(last, StreamEnd.COMPLETE);
        }
    }

    private void write(Buffer text, long nowNanos) {
        writer.write(text);
        wroteNanos = nowNanos;
    }

    private void end(Optional<ServerSentEvent> last, StreamEnd why) {
        over(why);
        Buffer text = Buffer.buffer(retry());
        last.ifPresent(event -> {
            text.appendBuffer(event.wire());
            meter.eventSent();
        });
        writer.end(text);
    }

    void over(StreamEnd why) {
        if (open) {
            open = false;
            giveBack.run();
            meter.streamEnded(why);
        }
    }

    /** Clients that lost their streams together connect again one by one. */
    private static String retry() {
        return "retry: " + ThreadLocalRandom.current().nextInt(MIN_RETRY_MILLIS, MAX_RETRY_MILLIS) + "\n\n";
    }
}
