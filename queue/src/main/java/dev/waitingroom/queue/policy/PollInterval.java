package dev.waitingroom.queue.policy;

import java.time.Duration;

/** How far apart the polls of a waiting visitor are at most. The Redis scripts are composed with the same numbers. */
public final class PollInterval {
    /** Polls are never further apart, but for the jitter. */
    public static final Duration MAX = Duration.ofSeconds(30);

    /** A visitor polls at least this often within the room's ttl, but for the jitter. */
    public static final int POLLS_PER_TTL = 6;

    /** A visitor polls at least this often within a turn, but for the jitter. */
    public static final int POLLS_PER_TURN = 3;

    /** An interval is made shorter or longer by up to this part, so that visitors do not poll together. */
    public static final int JITTER_PERCENT = 20;

    private PollInterval() {}

    /** The longest interval under a policy, without the jitter. */
    public static Duration max(Policy policy) {
        double ttl = (double) policy.ttl().toMillis() / POLLS_PER_TTL;
        double turn = (double) policy.turnTtl().toMillis() / POLLS_PER_TURN;
        return Duration.ofMillis((long) Math.min((double) MAX.toMillis(), Math.min(ttl, turn)));
    }
}
