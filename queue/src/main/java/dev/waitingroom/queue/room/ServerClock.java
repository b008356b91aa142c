package dev.waitingroom.queue.room;

import java.util.function.LongSupplier;

/**
 * Redis' clock as this process can know it: the time in the last answer, and what has passed here since. It is behind the true one by
 * at most the time that the answer was under way, so that a deadline taken from it is early, never late. Thread-safe.
 */
final class ServerClock {
    private record Reading(long serverMicros, long localNanos) {}

    private final LongSupplier nanoTime;
    private volatile Reading reading = new Reading(0, 0);

    ServerClock(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    void heard(long serverMicros) {
        long now = nanoTime.getAsLong();
        if (reading.serverMicros == 0 || serverMicros >= micros(now) || serverMicros < micros(now) - 1_000_000) {
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
