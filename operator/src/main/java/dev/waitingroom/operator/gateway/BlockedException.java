package dev.waitingroom.operator.gateway;

import dev.waitingroom.operator.redis.RedisResolution.Problem;

/** The spec cannot be applied until a person solves a problem. What was applied before stays. */
final class BlockedException extends Exception {
    private static final long serialVersionUID = 1;

    private final transient Problem problem;

    BlockedException(Problem problem) {
        super(problem.message());
        this.problem = problem;
    }

    /**
     * @param reason for a condition
     * @param message what to do
     */
    BlockedException(String reason, String message) {
        this(new Problem(reason, message));
    }

    /** The same, because of another exception. */
    BlockedException(String reason, String message, Exception cause) {
        super(message, cause);
        this.problem = new Problem(reason, message);
    }

    Problem problem() {
        return problem;
    }
}
