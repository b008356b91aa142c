package dev.waitingroom.operator.watch;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Passes a value on if it differs from the last one and the interval has passed. Not thread-safe. */
final class ChangeThrottle<T> {
    private @Nullable T last;
    private Instant at = Instant.MIN;

    /** Whether to pass the value on now. If so, it counts as passed on. */
    boolean due(Instant now, Duration interval, T value) {
        if (value.equals(last) || (last != null && now.isBefore(at.plus(interval)))) {
            return false;
        }
        last = value;
        at = now;
        return true;
    }
}
