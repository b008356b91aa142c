package dev.waitingroom.queue.room;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Redis' clock as this process knows it: the time in the last answer, plus the time that has passed here. It is late by at most the time
 * that the answer travelled. It is early by at most what two clocks differ after ten seconds, 5 ms. So a deadline taken from it is early,
 * or hardly late. Thread-safe.
 */
final class ServerClock {
    private static final long MAX_NANOS = Duration.ofSeconds(10).toNanos();
    private static final long STEP_MICROS = 1_000_000;

    private record Reading(long serverMicros, long localNanos) {}

    private final LongSupplier nanoTime;
    private volatile Reading reading = new Reading(0, 0);

    ServerClock(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** An answer that travelled longer than the one before is ignored, until that one is old or the server's clock went back. */
    void heard(long serverMicros) {
        long now = nanoTime.getAsLong();
        Reading last = reading;
        if (last.serverMicros == 0
                || serverMicros >= micros(now)
                || serverMicros < micros(now) - STEP_MICROS
                || now - last.localNanos > MAX_NANOS) {
            reading = new Reading(serverMicros, now);
        }
    }

    /** µs since 1970; 0 before the first answer. */
    long micros() {
        return micros(nanoTime.getAsLong());
    }

    private long micros(long now) {
        Reading last = reading;
        return last.serverMicros == 0 ? 0 : last.serverMicros + (now - last.localNanos) / 1_000;
    }
}
