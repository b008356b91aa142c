package dev.waitingroom.chaos.site;

import java.time.Duration;

/**
 * How admitted visitors use a room.
 *
 * @param shortest the shortest stay
 * @param longest the longest stay
 * @param endShare visitors who end their session; the others let it run out; 0..1
 * @param seed of all that is random
 */
public record SessionHabits(Duration shortest, Duration longest, double endShare, long seed) {}
