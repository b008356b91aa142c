package dev.waitingroom.queue.settings;

/** A setting is missing or cannot be used. The message names the variable or file, and the fix. */
public final class SettingsException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    public SettingsException(String message) {
        super(message);
    }
}
