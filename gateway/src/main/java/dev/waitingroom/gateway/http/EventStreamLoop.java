package dev.waitingroom.gateway.http;

import io.vertx.core.Context;
import java.time.Duration;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The streams of one event loop. It looks at each stream once a second, at most at {@link #SLICE} in a row. Between two slices the loop
 * serves its other connections. Confined to the event loop.
 */
final class EventStreamLoop {
    /** Takes 2 ms if each look sends an event ({@code StreamLoad}). */
    static final int SLICE = 64;

    static final Duration PERIOD = Duration.ofSeconds(1);

    /** Between two slices, if more streams are due. */
    private static final long YIELD_NANOS = Duration.ofMillis(1).toNanos();

    /** Streams that are due within this time share a slice. */
    private static final long TICK_NANOS = Duration.ofMillis(10).toNanos();

    private final Context context;
    private final StreamClock clock;

    /** All open streams, and closed ones until they are due. */
    private final PriorityQueue<EventStream> queue =
            new PriorityQueue<>((a, b) -> Long.signum(a.dueNanos() - b.dueNanos()));

    private boolean armed;
    private long armedNanos;

    EventStreamLoop(Context context, StreamClock clock) {
        this.context = context;
        this.clock = clock;
    }

    void add(EventStream stream) {
        long now = clock.nanoTime();
        // Streams that were opened together are looked at one by one.
        stream.lookAt(now + ThreadLocalRandom.current().nextLong(PERIOD.toNanos() / 2, PERIOD.toNanos()));
        queue.add(stream);
        arm(now);
    }

    /** Ends all streams, spread evenly over the time from now to {@code lastNanos}. */
    void drain(long lastNanos) {
        long now = clock.nanoTime();
        List<EventStream> all = List.copyOf(queue);
        queue.clear();
        all.forEach(stream -> stream.endAt(between(now, lastNanos)));
        queue.addAll(all);
        arm(now);
    }

    /** Ends a stream that was opened while the process shuts down. */
    void drain(EventStream stream, long lastNanos) {
        queue.remove(stream);
        long now = clock.nanoTime();
        stream.endAt(between(now, lastNanos));
        queue.add(stream);
        arm(now);
    }

    private static long between(long now, long last) {
        return last - now <= 0 ? now : now + ThreadLocalRandom.current().nextLong(last - now);
    }

    private void slice() {
        long now = clock.nanoTime();
        for (int looks = 0; looks < SLICE && isDue(now); looks++) {
            EventStream stream = queue.remove();
            stream.look(now);
            if (stream.isOpen()) {
                stream.lookAt(now + PERIOD.toNanos());
                queue.add(stream);
            }
        }
        arm(now);
    }

    private boolean isDue(long now) {
        EventStream first = queue.peek();
        return first != null && first.dueNanos() - now <= 0;
    }

    /** Makes sure that a slice runs when the next stream is due. */
    private void arm(long now) {
        EventStream first = queue.peek();
        if (first == null) {
            return;
        }
        long delay = isDue(now) ? YIELD_NANOS : Math.max(first.dueNanos() - now, TICK_NANOS);
        long at = now + delay;
        if (armed && at - armedNanos >= 0) {
            return;
        }
        armed = true;
        armedNanos = at;
        clock.after(context, Duration.ofNanos(delay), () -> {
            if (armed && armedNanos == at) { // else an earlier one took its place
                armed = false;
                slice();
            }
        });
    }
}
