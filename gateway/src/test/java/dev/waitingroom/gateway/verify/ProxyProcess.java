package dev.waitingroom.gateway.verify;

import dev.waitingroom.testkit.docs.DocumentedProxy;
import dev.waitingroom.testkit.docs.DocumentedProxy.Addresses;
import dev.waitingroom.testkit.redis.FreePorts;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;

/** A proxy of the machine, with the configuration of its page and the addresses of a test. */
final class ProxyProcess implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(30);
    private static final String LOOPBACK = "127.0.0.1";

    private final Process process;
    private final Path directory;
    private final int port;

    private ProxyProcess(Process process, Path directory, int port) {
        this.process = process;
        this.directory = directory;
        this.port = port;
    }

    /** Starts the proxy, or skips the test where it is not installed. */
    static ProxyProcess startOrSkip(DocumentedProxy kind, int gateway, int shop) {
        Optional<Path> program = kind.executable();
        Assumptions.assumeTrue(
                program.isPresent(),
                kind.program() + " is not on the PATH, so its page in docs/protect is not tested; install it");
        try {
            Path directory = Files.createTempDirectory(kind.program());
            int port = FreePorts.next();
            var addresses = new Addresses(LOOPBACK, port, LOOPBACK + ":" + gateway, LOOPBACK + ":" + shop);
            for (Map.Entry<String, String> file :
                    kind.files(directory, addresses).entrySet()) {
                Files.writeString(directory.resolve(file.getKey()), file.getValue());
            }
            List<String> command = new ArrayList<>(List.of(program.get().toString()));
            command.addAll(kind.arguments(directory, directory));
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("log").toFile());
            builder.environment().put("XDG_DATA_HOME", directory.toString());
            builder.environment().put("XDG_CONFIG_HOME", directory.toString());
            ProxyProcess proxy = new ProxyProcess(builder.start(), directory, port);
            Awaitility.await().atMost(START).until(proxy::listens);
            return proxy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean listens() {
        if (!process.isAlive()) {
            throw new AssertionError("the proxy did not start: " + log());
        }
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    /** What it wrote so far. */
    String log() {
        try {
            return Files.readString(directory.resolve("log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return port;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
            try (Stream<Path> files = Files.walk(directory)) {
                files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
            }
        } catch (IOException e) {
            // A directory for temporary files is left over.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
