package dev.waitingroom.chaos.run;

import dev.waitingroom.chaos.history.Violation;
import java.nio.file.Path;

/**
 * A broken promise.
 *
 * @param room the room that broke it
 * @param violation the finding of the checker
 * @param shrunk the calls that show it, as text
 * @param file the file with the whole history
 */
public record Failure(String room, Violation violation, String shrunk, Path file) {}
