package dev.waitingroom.chaos.history;

import dev.waitingroom.queue.policy.Mode;
import java.time.Duration;

/**
 * A policy of a run, and its times.
 *
 * @param decided when it was decided, µs since 1970: from then on it may be in force
 * @param written when it was certainly in Redis
 * @param mode what the room does with its visitors
 * @param perSecond admissions a second
 * @param burst tokens that a full bucket holds
 * @param ttl silence before a place may be lost
 * @param turnTtl how long a turn stays good
 * @param reservationTtl how long an admission is good for
 */
public record PolicyInForce(
        long decided,
        long written,
        Mode mode,
        double perSecond,
        int burst,
        Duration ttl,
        Duration turnTtl,
        Duration reservationTtl) {}
