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
}
