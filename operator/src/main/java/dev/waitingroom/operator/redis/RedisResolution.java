package dev.waitingroom.operator.redis;

import dev.waitingroom.queue.store.RedisFault;

/** The Redis of a gateway, or why it is unknown. */
public sealed interface RedisResolution {
    /** The Redis is known. It may be unreachable. */
    record Found(RedisLocation location) implements RedisResolution {}

    /**
     * The Redis is unknown.
     *
     * @param reason for a condition
     * @param message what to do
     */
    record Problem(String reason, String message) implements RedisResolution {}

    /**
     * The Redis is known but cannot be used.
     *
     * @param fault the kind of error
     * @param detail the error itself
     * @param meanwhile the effect on visitors
     */
    static Problem failed(RedisFault fault, String detail, String meanwhile) {
        return new Problem(fault.reason(), detail.replaceFirst("[.\\s]+$", "") + ": " + fault.fix() + ". " + meanwhile);
    }
}
