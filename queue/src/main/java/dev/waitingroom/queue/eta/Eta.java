package dev.waitingroom.queue.eta;

import java.time.Duration;

/**
 * When a turn is expected to come.
 *
 * @param expected from now, whole seconds, rounded up
 * @param earliest lower end of the likely range
 * @param latest upper end of the likely range
 */
public record Eta(Duration expected, Duration earliest, Duration latest) {
    /** The turn has come. */
    public static final Eta NOW = new Eta(Duration.ZERO, Duration.ZERO, Duration.ZERO);
}
