package dev.waitingroom.queue.policy;

import java.time.Duration;

/**
 * A limit of sessions that are active at a time, beside the rate.
 *
 * @param maxActive 1..100,000: each gateway process keeps a copy of all active sessions
 * @param sessionTtl how long a session lasts without a renewal, 5..604,800 whole seconds. An admission may be used for at least as long as
 *     its reservation is valid
 */
public record SessionCap(int maxActive, Duration sessionTtl) {
    /** The most sessions that a room may allow. */
    public static final int MAX = 100_000;

    public SessionCap {
        Policy.range("maxActive", maxActive, 1, MAX);
        Policy.seconds("sessionTtl", sessionTtl, 5, 604_800);
    }
}
