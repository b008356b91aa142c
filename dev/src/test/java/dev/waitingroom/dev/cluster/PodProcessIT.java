package dev.waitingroom.dev.cluster;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PodProcessIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    private Path directory;

    /** If a pod prints nothing, the thread that reads its output waits. */
    @Test
    void morePodsThanProcessorsMayBeSilent() throws IOException {
        List<PodProcess> pods = new ArrayList<>();
        try (var backend = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
                Balancer balancer = Balancer.start(0, () -> List.of(backend.getLocalPort()))) {
            Thread.ofPlatform().daemon().name("backend").start(() -> greet(backend));
            int more = Runtime.getRuntime().availableProcessors() + 1;
            for (int i = 0; i < more; i++) {
                pods.add(PodProcess.start("silent-" + i, List.of("sleep", "60"), Map.of(), directory, _ -> {}));
            }

            assertThat(read(balancer.port())).isEqualTo("hello");
            assertThat(pods).allMatch(PodProcess::isAlive);
        } finally {
            pods.forEach(PodProcess::close);
        }
    }

    private static void greet(ServerSocket backend) {
        try (Socket client = backend.accept()) {
            client.getOutputStream().write("hello".getBytes(US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(int port) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            return new String(socket.getInputStream().readAllBytes(), US_ASCII);
        }
    }
}
