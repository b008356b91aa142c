package dev.waitingroom.gateway.http;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Logs one warning in each interval, and says how many were held back since the last one. Those that are held back are logged at debug.
 * Thread-safe.
 */
public final class ThrottledLogger {
    private final Logger logger;
    private final long intervalNanos;
    private final LongSupplier nanoTime;
    private boolean started;
    private long last;
    private long suppressed;

    /** @param nanoTime a clock that never goes back, ns */
    public ThrottledLogger(Logger logger, Duration interval, LongSupplier nanoTime) {
        this.logger = logger;
        this.intervalNanos = interval.toNanos();
        this.nanoTime = nanoTime;
    }

    /** A line to complete. If the line's level is off, the builder evaluates no supplier. */
    public synchronized LoggingEventBuilder atWarn() {
        long now = nanoTime.getAsLong();
        if (started && now - last < intervalNanos) {
            suppressed++;
            return logger.atLevel(Level.DEBUG);
        }
        started = true;
        last = now;
        LoggingEventBuilder line = logger.atWarn();
        if (suppressed > 0) {
            line = line.addKeyValue(HttpLogKeys.SUPPRESSED, suppressed);
            suppressed = 0;
        }
        return line;
    }
}
