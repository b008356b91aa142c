package dev.waitingroom.queue.site;

import java.time.Duration;
import java.util.Optional;

/**
 * The settings of a room that scripts do not need.
 *
 * @param protection what only admitted visitors reach; empty if the service checks reservations itself
 * @param admitUnavailable how long everyone enters while Redis is unavailable; zero if they wait
 * @param session how long an admitted visitor may stay
 * @param page how the page looks
 */
public record SiteSettings(
        Optional<Protection> protection, Duration admitUnavailable, SessionRules session, PageSettings page) {
    /** A room that says nothing. */
    public static final SiteSettings DEFAULT =
            new SiteSettings(Optional.empty(), Duration.ZERO, SessionRules.DEFAULT, PageSettings.DEFAULT);

    public SiteSettings {
        if (admitUnavailable.isNegative()) {
            throw new IllegalArgumentException("admitUnavailable must not be negative, but is " + admitUnavailable);
        }
    }
}
