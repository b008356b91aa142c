package dev.waitingroom.queue.settings;

import java.util.Optional;

/**
 * A variable of the environment as its reader declares it; a row of the settings reference.
 *
 * @param name as in the environment
 * @param description what it sets, as full sentences
 * @param expected what it may be; completes "Set it to ..."
 * @param required whether the process starts without it
 * @param preset the value where it is not set; empty for none
 */
public record Variable(String name, String description, String expected, boolean required, Optional<String> preset) {}
