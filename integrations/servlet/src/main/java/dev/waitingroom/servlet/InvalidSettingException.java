package dev.waitingroom.servlet;

/** A setting is missing or wrong. The message says how to correct it. */
public final class InvalidSettingException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final String setting;

    InvalidSettingException(String setting, String problem) {
        super(problem);
        this.setting = setting;
    }

    /** The name of the setting, without a prefix. */
    public String setting() {
        return setting;
    }
}
