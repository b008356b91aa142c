package dev.waitingroom.queue.store;

/** Redis did not answer in time, or refused. */
public final class QueueRedisException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Which of the two it was. */
    public enum Kind {
        UNREACHABLE,
        REFUSED
    }

    private final RedisFault fault;

    public QueueRedisException(Kind kind, String message, Throwable cause) {
        this(kind == Kind.UNREACHABLE ? RedisFault.UNREACHABLE : RedisFault.REFUSED, message, cause);
    }

    public QueueRedisException(RedisFault fault, String message, Throwable cause) {
        super(message, cause);
        this.fault = fault;
    }

    public Kind kind() {
        return fault == RedisFault.UNREACHABLE ? Kind.UNREACHABLE : Kind.REFUSED;
    }

    /** More closely. */
    public RedisFault fault() {
        return fault;
    }
}
