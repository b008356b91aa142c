package dev.waitingroom.operator.watch;

import java.time.Duration;
import java.util.Optional;

/**
 * A room's line, as Redis had it at the last look.
 *
 * @param waiting how many wait
 * @param admittedTotal admitted since the line began
 * @param admissionsPerSecond over the last ten seconds
 * @param expectedWait of one who joined now; empty where it cannot be told
 * @param epoch of the line; begins anew after a loss
 */
public record RoomObservation(
        long waiting, long admittedTotal, double admissionsPerSecond, Optional<Duration> expectedWait, long epoch) {}
