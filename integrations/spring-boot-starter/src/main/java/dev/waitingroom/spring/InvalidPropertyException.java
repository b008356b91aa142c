package dev.waitingroom.spring;

import dev.waitingroom.servlet.InvalidSettingException;

/** A property is missing or wrong. The message names it and the fix. */
final class InvalidPropertyException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    InvalidPropertyException(String property, InvalidSettingException cause) {
        super("property " + property + ": " + cause.getMessage(), cause);
    }
}
