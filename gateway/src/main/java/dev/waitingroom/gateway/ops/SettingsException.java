package dev.waitingroom.gateway.ops;

/** What the process was given cannot be used. The message names the variable or file, and the fix. */
public final class SettingsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public SettingsException(String message) {
        super(message);
    }
}
