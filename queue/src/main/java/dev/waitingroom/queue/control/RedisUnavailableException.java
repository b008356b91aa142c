package dev.waitingroom.queue.control;

/** Redis did not answer in time, or refused. The message says which, and what to look at. */
public final class RedisUnavailableException extends Exception {
    private static final long serialVersionUID = 1L;

    public RedisUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
