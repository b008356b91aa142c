package dev.waitingroom.chaos.topology;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A movable wall clock for a process that is started with this environment, by libfaketime. Its monotonic clock is not moved. Reading a clock
 * costs such a process more, so that a JVM takes three times as long to start.
 */
public final class FakeClock {
    private static final Optional<Path> LIBRARY = Stream.of(
                    "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1",
                    "/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1",
                    "/usr/lib64/faketime/libfaketimeMT.so.1")
            .map(Path::of)
            .filter(Files::exists)
            .findFirst();

    private final Path file;

    /** @param file contains the offset of the clock; created here */
    public FakeClock(Path file) {
        this.file = file;
        offset(Duration.ZERO);
    }

    /** Whether this machine has the library ({@code apt install faketime}). */
    public static boolean available() {
        return LIBRARY.isPresent();
    }

    /** The environment for the process; empty without the library. */
    public Map<String, String> environment() {
        return LIBRARY.map(library -> Map.of(
                        "LD_PRELOAD",
                        library.toString(),
                        "FAKETIME_TIMESTAMP_FILE",
                        file.toString(),
                        "FAKETIME_CACHE_DURATION",
                        "1",
                        "FAKETIME_DONT_FAKE_MONOTONIC",
                        "1"))
                .orElse(Map.of());
    }

    /** Sets the offset of the clock. It applies within a second. */
    public void offset(Duration by) {
        try {
            Path next = file.resolveSibling(file.getFileName() + ".next");
            Files.writeString(next, "%+.3f".formatted(by.toMillis() / 1e3));
            Files.move(next, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
