package dev.waitingroom.chaos.run;

import java.time.Duration;

/** How long the machine let nobody run: a thread that wants to wake up every 10 ms, and how late it does. */
final class StallMeter implements AutoCloseable {
    private static final Duration STEP = Duration.ofMillis(10);

    private final Thread thread;
    private volatile long longestNanos;

    StallMeter() {
        thread = Thread.ofPlatform().daemon().name("stall-meter").start(this::measure);
    }

    private void measure() {
        try {
            while (true) {
                long before = System.nanoTime();
                Thread.sleep(STEP);
                longestNanos = Math.max(longestNanos, System.nanoTime() - before - STEP.toNanos());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    Duration longest() {
        return Duration.ofNanos(longestNanos);
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
