package dev.waitingroom.gateway.http;

import dev.waitingroom.gateway.client.ClientLimits;
import io.vertx.core.Context;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The streams of server-sent events of this process. They have limits of their own. Thread-safe. */
public final class EventStreams {
    private final StreamLimit limit;
    private final StreamMeter meter;
    private final StreamClock clock;
    private final Map<Context, EventStreamLoop> loops = new ConcurrentHashMap<>();
    private volatile Optional<Long> drainedNanos = Optional.empty();

    public EventStreams(ClientLimits limits, StreamMeter meter, StreamClock clock) {
        this.limit = new StreamLimit(limits);
        this.meter = meter;
        this.clock = clock;
    }

    /**
     * Opens a stream as the answer to a request, on its event loop. HEAD gets the head alone.
     *
     * @throws ProblemException if too many streams are open
     */
    void open(StreamWriter writer, ServerSentEvent first, EventFeed feed) {
        if (writer.isHead()) {
            writer.head();
            return;
        }
        Runnable giveBack = limit.take(writer.request());
        meter.streamOpened();
        EventStream stream = new EventStream(writer, feed, meter, giveBack);
        EventStreamLoop streams =
                loops.computeIfAbsent(writer.context(), context -> new EventStreamLoop(context, clock));
        streams.add(stream);
        drainedNanos.ifPresent(last -> streams.drain(stream, last));
        try {
            stream.begin(first, clock.nanoTime());
        } catch (RuntimeException e) {
            stream.over(StreamEnd.FAILED);
            throw e;
        }
    }

    /** Ends all streams over this period, so that their clients do not connect elsewhere all at once. Later ones end in it too. */
    public void drain(Duration period) {
        long last = clock.nanoTime() + period.toNanos();
        drainedNanos = Optional.of(last);
        loops.forEach((loop, streams) -> loop.runOnContext(nothing -> streams.drain(last)));
    }

    /** The clock that feeds are asked by. */
    public long nanoTime() {
        return clock.nanoTime();
    }
}
