package dev.waitingroom.queue.redis;

/** Redis did not answer in time, or refused. */
public final class QueueRedisException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Which of the two it was. */
    public enum Kind {
        UNREACHABLE,
        REFUSED
    }

    private final Kind kind;

    public QueueRedisException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
