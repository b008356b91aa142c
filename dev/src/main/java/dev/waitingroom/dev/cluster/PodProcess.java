package dev.waitingroom.dev.cluster;

import dev.waitingroom.testkit.process.Processes;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** A gateway process that stands in for a pod: environment, ports, probe, logs. */
final class PodProcess implements AutoCloseable {
    private static final Duration PROBE = Duration.ofSeconds(2);
    private static final Duration LAST_GRACE = Duration.ofSeconds(1);

    private final String name;
    private final Process process;
    private final int httpPort;
    private final HttpRequest probe;

    private PodProcess(String name, Process process, int httpPort, int adminPort) {
        this.name = name;
        this.process = process;
        this.httpPort = httpPort;
        probe = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + adminPort + "/readyz"))
                .timeout(PROBE)
                .build();
    }

    /**
     * Starts the process.
     *
     * @param command that runs a gateway
     * @param environment of the pod; the process inherits no other variable
     * @param log gets each line that it prints
     */
    static PodProcess start(
            String name, List<String> command, Map<String, String> environment, Path directory, Consumer<String> log) {
        int http = Ports.free();
        int admin = Ports.free();
        var builder = new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(environment);
        // Each pod has its own address. Here all share one.
        builder.environment()
                .putAll(Map.of(
                        "BIND_ADDRESS", "127.0.0.1",
                        "HTTP_PORT", Integer.toString(http),
                        "ADMIN_PORT", Integer.toString(admin)));
        builder.environment().computeIfPresent("GRPC_PORT", (variable, port) -> "0");
        try {
            Process process = builder.start();
            // Reading a pipe blocks the carrier of a virtual thread. A few silent pods would stop all virtual threads.
            Thread.ofPlatform().daemon().name("log " + name).start(() -> follow(process.inputReader(), log));
            return new PodProcess(name, process, http, admin);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void follow(BufferedReader output, Consumer<String> log) {
        try {
            output.lines().forEach(log);
        } catch (UncheckedIOException ended) {
            // The stream ends with the process.
        }
    }

    String name() {
        return name;
    }

    long pid() {
        return process.pid();
    }

    int httpPort() {
        return httpPort;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    int exitCode() {
        return process.exitValue();
    }

    boolean isReady(HttpClient client) {
        if (!process.isAlive()) {
            return false;
        }
        try {
            return client.send(probe, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Sends SIGTERM. The process drains. */
    void terminate() {
        process.destroy();
    }

    /** Ends it within a second. */
    @Override
    public void close() {
        Processes.end(process, LAST_GRACE);
    }
}
