package dev.waitingroom.operator.watch;

import java.time.Duration;
import java.util.Optional;

/**
 * A room's line in Redis, as last read.
 *
 * @param waiting visitors who wait
 * @param admittedTotal visitors admitted since the line began
 * @param admissionsPerSecond over the last ten seconds
 * @param expectedWait of a visitor who joins now; empty if unknown
 * @param epoch of the line; a new one begins after a loss
 */
public record RoomObservation(
        long waiting, long admittedTotal, double admissionsPerSecond, Optional<Duration> expectedWait, long epoch) {}
