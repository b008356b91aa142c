package dev.waitingroom.bench.gateway;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.OctetSequenceKeyGenerator;
import dev.waitingroom.queue.GatewayId;
import dev.waitingroom.queue.ticket.TicketKeys;
import dev.waitingroom.testkit.process.JavaCommand;
import dev.waitingroom.testkit.process.Processes;
import dev.waitingroom.testkit.redis.FreePorts;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.LongUnaryOperator;
import org.awaitility.Awaitility;

/** A gateway process with the memory and the JVM flags of a pod of 512 MiB. Runs on Linux, where its memory can be read. */
public final class LoadedGateway implements AutoCloseable {
    /** As the image and the JVM choose in such a pod. */
    private static final String[] POD = {"-Xmx307m", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError"};

    private final HttpClient client = HttpClient.newHttpClient();
    private final Path keys;
    private final int port = FreePorts.next();
    private final int adminPort = FreePorts.next();
    private final TicketKeys ticketKeys;
    private final Process process;

    /** @param log where the process writes */
    public LoadedGateway(GatewayId gateway, String redisUrl, int maxStreams, Path log)
            throws IOException, JOSEException {
        keys = Files.createTempDirectory("keys");
        String keySet = set(new OctetSequenceKeyGenerator(256).keyID("t").generate());
        ticketKeys = TicketKeys.parse(keySet);
        Files.writeString(keys.resolve("ticket-keys.json"), keySet);
        Files.writeString(
                keys.resolve("reservation-keys.json"),
                set(new ECKeyGenerator(Curve.P_256).keyID("r").generate()));
        ProcessBuilder builder = new ProcessBuilder(JavaCommand.of("dev.waitingroom.gateway.GatewayMain")
                        .withOptions(POD)
                        .line())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().clear();
        builder.environment()
                .putAll(Map.of(
                        "GATEWAY", gateway.toString(),
                        "POD_NAME", "load",
                        "REDIS_URL", redisUrl,
                        "KEYS_DIR", keys.toString(),
                        "BIND_ADDRESS", "127.0.0.1",
                        "HTTP_PORT", Integer.toString(port),
                        "ADMIN_PORT", Integer.toString(adminPort),
                        "MAX_STREAMS", Integer.toString(maxStreams),
                        "DRAIN_SECONDS", "1"));
        process = builder.start();
    }

    private static String set(JWK key) {
        return new JWKSet(key).toString(false);
    }

    public void awaitReady() {
        Awaitility.await()
                .atMost(Duration.ofMinutes(2))
                .ignoreExceptions()
                .until(() -> get("/readyz").startsWith("{\"status\":\"ready\""));
    }

    /** The keys that sign its waiting tokens and sessions. */
    public TicketKeys ticketKeys() {
        return ticketKeys;
    }

    public int port() {
        return port;
    }

    /** The processor time that it has used. */
    public Duration cpu() {
        return process.info().totalCpuDuration().orElseThrow();
    }

    /** The largest part of its memory that was resident at a time, bytes. */
    public long peakMemory() throws IOException {
        LongUnaryOperator kilobytes = value -> value * 1024;
        return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .map(kilobytes)
                .findFirst()
                .orElseThrow();
    }

    /** The sum of a metric's samples. */
    public double metric(String name) {
        return get("/metrics")
                .lines()
                .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private String get(String path) {
        try {
            return client.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + adminPort + path))
                                    .timeout(Duration.ofSeconds(10))
                                    .build(),
                            BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws IOException {
        Processes.end(process, Duration.ofSeconds(20));
        client.close();
        Files.deleteIfExists(keys.resolve("ticket-keys.json"));
        Files.deleteIfExists(keys.resolve("reservation-keys.json"));
        Files.deleteIfExists(keys);
    }
}
