package dev.waitingroom.chaos.run;

import dev.waitingroom.chaos.history.Violation;
import java.nio.file.Path;

/**
 * A promise that was broken.
 *
 * @param room whose
 * @param violation what the checker says
 * @param shrunk the calls that show it, as text
 * @param file where the whole history is
 */
public record Failure(String room, Violation violation, String shrunk, Path file) {}
