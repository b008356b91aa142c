package dev.waitingroom.operator.watch;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What was told last, and when: something new is told, but not too often. Not thread-safe. */
final class ChangeThrottle<T> {
    private @Nullable T last;
    private Instant at = Instant.MIN;

    /** Whether to tell this now; if so, it counts as told. */
    boolean due(Instant now, Duration interval, T value) {
        if (value.equals(last) || (last != null && now.isBefore(at.plus(interval)))) {
            return false;
        }
        last = value;
        at = now;
        return true;
    }
}
