package dev.waitingroom.queue.store;

import java.util.Optional;

/**
 * The result of a check of a Redis that can be used.
 *
 * @param evictionPolicy its {@code maxmemory-policy}; empty where it does not tell
 */
public record RedisCheck(Optional<String> evictionPolicy) {
    /** What conditions and logs call a policy that deletes keys. */
    public static final String EVICTING_REASON = "EvictingPolicy";

    private static final String KEEPS_KEYS = "noeviction";

    /** The policy, where it lets Redis delete keys that have not expired: parts of a line would go. */
    public Optional<String> evicting() {
        return evictionPolicy.filter(policy -> !policy.equals(KEEPS_KEYS));
    }

    /** What to do about it; for conditions and logs. */
    public static String evictionFix(String policy) {
        return "maxmemory-policy is " + policy
                + ": when its memory is full, this Redis deletes places, admissions and policies. Set it to noeviction"
                + " (CONFIG SET maxmemory-policy noeviction, and in its configuration), and do not share it with a cache";
    }
}
