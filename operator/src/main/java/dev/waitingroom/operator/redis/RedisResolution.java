package dev.waitingroom.operator.redis;

/** Whether it is known which Redis a fleet uses. */
public sealed interface RedisResolution {
    /** It is known; whether it answers is another matter. */
    record Found(RedisLocation location) implements RedisResolution {}

    /**
     * It is not.
     *
     * @param reason for a condition
     * @param message what to do
     */
    record Problem(String reason, String message) implements RedisResolution {}

    /**
     * It is known, and does not do what it is asked.
     *
     * @param detail what came of asking
     * @param meanwhile what this means for visitors
     */
    static Problem unreachable(String detail, String meanwhile) {
        return new Problem(
                "RedisUnreachable",
                detail.replaceFirst("[.\\s]+$", "")
                        + ": see that this Redis runs, can be reached from the operator's pod, and takes its user and password. "
                        + meanwhile);
    }
}
