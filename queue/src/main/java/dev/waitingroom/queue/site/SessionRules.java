package dev.waitingroom.queue.site;

import java.time.Duration;

/**
 * How long a session lasts.
 *
 * @param lasts from its begin, or from its last use if it is renewed
 * @param renewed whether using it begins its time again
 */
public record SessionRules(Duration lasts, boolean renewed) {
    static final SessionRules DEFAULT = new SessionRules(Duration.ofMinutes(30), true);

    public SessionRules {
        if (!lasts.isPositive()) {
            throw new IllegalArgumentException("a session must last for more than " + lasts);
        }
    }
}
