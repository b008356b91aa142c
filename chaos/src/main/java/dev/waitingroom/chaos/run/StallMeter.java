package dev.waitingroom.chaos.run;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Measures the longest time for which the machine ran no thread: how late a thread is that wakes up every 10 ms, and how long a task waits for
 * the thread on which visitors receive answers.
 */
final class StallMeter implements AutoCloseable {
    private static final Duration STEP = Duration.ofMillis(10);

    private final Executor visitors;
    private final Thread thread;
    private final AtomicLong longestNanos = new AtomicLong();
    private final AtomicBoolean asked = new AtomicBoolean();

    /** @param visitors runs tasks on the thread on which answers come */
    StallMeter(Executor visitors) {
        this.visitors = visitors;
        thread = Thread.ofPlatform().daemon().name("stall-meter").start(this::measure);
    }

    private void measure() {
        try {
            while (true) {
                if (asked.compareAndSet(false, true)) {
                    long sent = System.nanoTime();
                    visitors.execute(() -> {
                        late(System.nanoTime() - sent);
                        asked.set(false);
                    });
                }
                long before = System.nanoTime();
                Thread.sleep(STEP);
                late(System.nanoTime() - before - STEP.toNanos());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void late(long nanos) {
        longestNanos.accumulateAndGet(nanos, Math::max);
    }

    Duration longest() {
        return Duration.ofNanos(longestNanos.get());
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
