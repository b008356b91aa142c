package dev.waitingroom.chaos.acceptance;

import dev.waitingroom.chaos.topology.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The results, a line for each check, in {@code target/acceptance.md}. */
final class Table {
    private static final Path FILE = Path.of("target", "acceptance.md");

    private Table() {}

    static void begin(Kind redis) throws IOException {
        Files.createDirectories(FILE.toAbsolutePath().getParent());
        Files.writeString(FILE, "| check, on %s | seen |\n|---|---|\n".formatted(redis.words()));
    }

    static void line(String check, String seen) throws IOException {
        Files.writeString(FILE, "| %s | %s |\n".formatted(check, seen), StandardOpenOption.APPEND);
    }
}
