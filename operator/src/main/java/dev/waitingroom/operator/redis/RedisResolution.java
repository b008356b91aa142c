package dev.waitingroom.operator.redis;

import dev.waitingroom.queue.control.RedisFault;

/** Whether it is known which Redis a gateway uses. */
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
     * @param fault what is wrong
     * @param detail what came of asking
     * @param meanwhile what this means for visitors
     */
    static Problem failed(RedisFault fault, String detail, String meanwhile) {
        return new Problem(fault.reason(), detail.replaceFirst("[.\\s]+$", "") + ": " + fault.fix() + ". " + meanwhile);
    }
}
