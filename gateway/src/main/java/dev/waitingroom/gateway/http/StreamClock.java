package dev.waitingroom.gateway.http;

import io.vertx.core.Context;
import java.time.Duration;

/** The time of streams. Tests replace it. */
public interface StreamClock {
    /** Of a clock that never goes back. */
    long nanoTime();

    /**
     * Runs a task on an event loop. Even after the shortest delay, the loop reads and writes sockets first. It would not before a task that
     * is handed over without a delay, since it runs all of those first.
     */
    void after(Context loop, Duration delay, Runnable task);

    /** The system's clock. */
    StreamClock SYSTEM = new StreamClock() {
        @Override
        public long nanoTime() {
            return System.nanoTime();
        }

        @Override
        public void after(Context loop, Duration delay, Runnable task) {
            loop.owner().setTimer(Math.max(1, delay.toMillis()), timer -> task.run());
        }
    };
}
