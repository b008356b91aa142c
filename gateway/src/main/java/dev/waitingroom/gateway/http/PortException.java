package dev.waitingroom.gateway.http;

/** A port cannot be opened. The problem names the setting and the fix. */
public final class PortException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String problem;

    public PortException(String problem) {
        super(problem);
        this.problem = problem;
    }

    public String problem() {
        return problem;
    }
}
