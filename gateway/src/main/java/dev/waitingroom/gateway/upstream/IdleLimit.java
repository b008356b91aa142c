package dev.waitingroom.gateway.upstream;

import io.vertx.core.Vertx;
import java.time.Duration;

/**
 * Ends a request to a service after a time in which nothing passed in either direction. One timer waits for the rest of the time, so that the
 * parts of a large body cost nothing. Confined to an event loop.
 */
final class IdleLimit {
    private final Vertx vertx;
    private final long limitNanos;
    private final Runnable expired;
    private long lastNanos = System.nanoTime();
    private long timer;
    private boolean over;

    IdleLimit(Vertx vertx, Duration limit, Runnable expired) {
        this.vertx = vertx;
        this.limitNanos = limit.toNanos();
        this.expired = expired;
        schedule(limitNanos);
    }

    /** Something passed. */
    void touch() {
        lastNanos = System.nanoTime();
    }

    /** No limit from now on. */
    void cancel() {
        if (!over) {
            over = true;
            vertx.cancelTimer(timer);
        }
    }

    private void schedule(long nanos) {
        timer = vertx.setTimer(Math.max(1, nanos / 1_000_000), fired -> check());
    }

    private void check() {
        long left = lastNanos + limitNanos - System.nanoTime();
        if (over) {
            return;
        }
        if (left > 0) {
            schedule(left);
        } else {
            over = true;
            expired.run();
        }
    }
}
