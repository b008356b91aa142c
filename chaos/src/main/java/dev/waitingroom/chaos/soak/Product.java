package dev.waitingroom.chaos.soak;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.waitingroom.dev.DevMain;
import dev.waitingroom.gateway.GatewayMain;
import dev.waitingroom.testkit.process.JavaCommand;
import dev.waitingroom.testkit.process.Processes;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** {@code make run} in its own process, with visitors who keep coming. */
final class Product implements AutoCloseable {
    static final String ITSELF = "make run";
    static final String REDIS = "Redis";

    private static final Pattern ADMITTED = Pattern.compile("visitors: \\d+ came, \\d+ wait, (\\d+) admitted");
    private static final Duration CALL = Duration.ofSeconds(10);
    private static final Duration END = Duration.ofSeconds(30);
    private static final int SERVER_ERROR = 500;
    private static final int TAIL = 16 * 1024;

    private final Process process;
    private final Path log;
    private final URI entrance;

    private Product(Process process, Path log, URI entrance) {
        this.process = process;
        this.log = log;
        this.entrance = entrance;
    }

    /**
     * Starts it.
     *
     * @param log the file for its output
     */
    static Product start(int port, int visitors, Path room, Path log) throws IOException {
        var command = JavaCommand.of(
                DevMain.class.getName(),
                "--port",
                Integer.toString(port),
                "--visitors",
                Integer.toString(visitors),
                "--keep",
                "--room",
                room.toString());
        Process process = new ProcessBuilder(command.line())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        return new Product(process, log, URI.create("http://127.0.0.1:" + port));
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Its process and those that it started, by name. Gateways are numbered in the order of their start. */
    Map<String, Long> processes() {
        var found = new TreeMap<String, Long>();
        found.put(ITSELF, process.pid());
        List<ProcessHandle> children = process.descendants().toList();
        children.stream()
                .filter(child -> command(child).contains("redis-server"))
                .forEach(child -> found.put(REDIS, child.pid()));
        int number = 1;
        for (ProcessHandle gateway : children.stream()
                .filter(child -> command(child).contains(GatewayMain.class.getName()))
                .sorted(Comparator.comparing(
                        child -> child.info().startInstant().orElseThrow()))
                .toList()) {
            found.put("gateway " + number++, gateway.pid());
        }
        return found;
    }

    /** Read from /proc: {@link ProcessHandle.Info} has no command line that is longer than a page. */
    private static String command(ProcessHandle child) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(child.pid()), "cmdline"), ISO_8859_1);
        } catch (IOException ended) {
            return "";
        }
    }

    /** Whether a gateway answers on a new connection to the port. */
    boolean serves() throws InterruptedException {
        // A new client, so that the connection is new.
        try (HttpClient client = HttpClient.newBuilder().connectTimeout(CALL).build()) {
            return client.send(
                                    HttpRequest.newBuilder(entrance.resolve("/api/v1/queue/status?token=none"))
                                            .timeout(CALL)
                                            .build(),
                                    BodyHandlers.ofString())
                            .statusCode()
                    < SERVER_ERROR;
        } catch (IOException e) {
            return false;
        }
    }

    long logBytes() throws IOException {
        return Files.size(log);
    }

    /** The number of admitted visitors, by its output. */
    OptionalLong admitted() throws IOException {
        return ADMITTED.matcher(tail())
                .results()
                .map((MatchResult found) -> Long.parseLong(found.group(1)))
                .mapToLong(Long::longValue)
                .max();
    }

    private String tail() throws IOException {
        try (var channel = Files.newByteChannel(log)) {
            channel.position(Math.max(0, channel.size() - TAIL));
            var bytes = ByteBuffer.allocate(TAIL);
            while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
                // Until the end of the file.
            }
            return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
        }
    }

    @Override
    public void close() {
        Processes.end(process, END);
    }
}
