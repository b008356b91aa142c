package dev.waitingroom.queue.store;

import dev.waitingroom.queue.policy.TokenBucket;

/**
 * A line's counters in Redis.
 *
 * @param generation of the policy in Redis, 0 for none
 * @param epoch of the line
 * @param waiting visitors who wait
 * @param joined tickets issued
 * @param granted visitors admitted
 * @param left visitors who left
 * @param expired visitors removed after silence
 * @param missed visitors who missed their turn
 * @param nowMicros Redis' clock, µs since 1970
 * @param bucket that admissions take their tokens from
 * @param comingMillionths how many of the called visitors come, in millionths
 * @param active sessions that are active, in a room with a cap
 */
public record LineFigures(
        long generation,
        long epoch,
        long waiting,
        long joined,
        long granted,
        long left,
        long expired,
        long missed,
        long nowMicros,
        TokenBucket bucket,
        long comingMillionths,
        long active) {}
