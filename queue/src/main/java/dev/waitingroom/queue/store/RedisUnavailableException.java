package dev.waitingroom.queue.store;

/** Redis did not answer in time, or refused. The message says which, and what to look at. */
public final class RedisUnavailableException extends Exception {
    private static final long serialVersionUID = 1L;

    private final RedisFault fault;

    /** No answer. */
    public RedisUnavailableException(String message, Throwable cause) {
        this(RedisFault.UNREACHABLE, message, cause);
    }

    public RedisUnavailableException(RedisFault fault, String message, Throwable cause) {
        super(message, cause);
        this.fault = fault;
    }

    public RedisFault fault() {
        return fault;
    }
}
