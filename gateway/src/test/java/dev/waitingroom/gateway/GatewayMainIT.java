package dev.waitingroom.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.waitingroom.gateway.admission.Keys;
import dev.waitingroom.queue.GatewayId;
import dev.waitingroom.queue.RoomId;
import dev.waitingroom.queue.redis.QueueRedis;
import dev.waitingroom.queue.redis.RedisSettings;
import dev.waitingroom.queue.store.RoomRegistration;
import dev.waitingroom.testkit.redis.FreePorts;
import dev.waitingroom.testkit.redis.RedisExtension;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The gateway as a process with an environment and signals, as in a pod. */
class GatewayMainIT {
    private static final Pattern HTTP_PORT = Pattern.compile("http_port=(\\d+)");

    @RegisterExtension
    static final RedisExtension REDIS = new RedisExtension();

    @TempDir
    private Path dir;

    private Process launch(Map<String, String> env) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "dev.waitingroom.gateway.GatewayMain")
                .redirectErrorStream(true)
                .redirectOutput(dir.resolve("log").toFile());
        builder.environment().clear();
        builder.environment().putAll(env);
        return builder.start();
    }

    private String log() throws IOException {
        return Files.readString(dir.resolve("log"));
    }

    private Map<String, String> environment() throws IOException {
        Files.writeString(dir.resolve("ticket-keys.json"), Keys.set(Keys.ticket("t1")));
        Files.writeString(dir.resolve("reservation-keys.json"), Keys.set(Keys.reservation("r1")));
        return new HashMap<>(Map.of(
                "GATEWAY", "default/default",
                "POD_NAME", "pod-1",
                "REDIS_URL", REDIS.url(),
                "KEYS_DIR", dir.toString(),
                "BIND_ADDRESS", "127.0.0.1",
                "HTTP_PORT", "0",
                "ADMIN_PORT", "0",
                "DRAIN_SECONDS", "2",
                "LOG_LEVEL", "debug"));
    }

    @Test
    void missingVariableIsReportedInOneLine() throws Exception {
        Map<String, String> env = environment();
        env.remove("GATEWAY");

        Process process = launch(env);

        assertThat(process.waitFor(20, SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(2);
        assertThat(log()).isEqualTo("GATEWAY is not set. Set it to the namespace/name of the WaitingRoomGateway.\n");
    }

    @Test
    void startAndStopLogNoWarning() throws Exception {
        listARoom();
        Map<String, String> env = environment();
        env.put("LOG_LEVEL", "info");

        Process process = launch(env);
        try {
            await().until(() -> log().contains("serving the room") && log().contains("gateway started"));
            process.destroy();
            assertThat(process.waitFor(20, SECONDS)).isTrue();

            assertThat(log()).contains("gateway stopped").doesNotContain("[WARN]", "[ERROR]", "WARNING", "\tat ");
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void unreachableRedisIsLoggedOnce() throws Exception {
        Map<String, String> env = environment();
        env.put("LOG_LEVEL", "info");
        env.put("REDIS_URL", "redis://127.0.0.1:" + FreePorts.next());

        Process process = launch(env);
        try {
            await().until(() -> log().contains("gateway started"));
            process.destroy(); // drains for two seconds, in which it tries again and again
            assertThat(process.waitFor(20, SECONDS)).isTrue();

            assertThat(log()).doesNotContain("\tat ");
            assertThat(log().lines().filter(line -> line.contains("[WARN]")))
                    .as(log())
                    .satisfiesExactlyInAnyOrder(
                            line -> assertThat(line).contains("cannot connect to Redis", "Connection refused"),
                            line -> assertThat(line).contains("cannot read the gateway's list of rooms"));
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void probesDuringTheStartLogNoStackTrace() throws Exception {
        listARoom();
        int admin = FreePorts.next();
        Map<String, String> env = environment();
        env.put("LOG_LEVEL", "info");
        env.put("ADMIN_PORT", Integer.toString(admin));

        Process process = launch(env);
        try {
            await().pollInterval(Duration.ofMillis(5)).until(() -> {
                probeAndReset(admin);
                return log().contains("gateway started");
            });
            process.destroy();
            assertThat(process.waitFor(20, SECONDS)).isTrue();

            assertThat(log()).contains("gateway stopped").doesNotContain("\tat ", "[ERROR]");
        } finally {
            process.destroyForcibly();
        }
    }

    /** Like a kubelet at its timeout. */
    private static void probeAndReset(int port) {
        for (int i = 0; i < 10; i++) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                socket.setSoLinger(true, 0);
                socket.getOutputStream().write("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(US_ASCII));
            } catch (IOException notYet) {
                return;
            }
        }
    }

    private static void sendAndHangUp(int port, String junk) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write(junk.getBytes(US_ASCII));
        }
    }

    private static void listARoom() {
        try (QueueRedis operator = QueueRedis.connect(RedisSettings.of(REDIS.url()))) {
            await().ignoreExceptions()
                    .until(() -> operator.gatewayControl()
                            .register(
                                    new GatewayId("default", "default"),
                                    new RoomRegistration("evt", new RoomId("default", "concert"), 1))
                            .isEmpty());
        }
    }

    @Test
    void sigtermDrainsAndStops() throws Exception {
        Process process = launch(environment());
        try (HttpClient client = HttpClient.newHttpClient()) {
            await().until(() -> HTTP_PORT.matcher(log()).find());
            Matcher port = HTTP_PORT.matcher(log());
            assertThat(port.find()).isTrue();
            Visitor visitor = new Visitor(client, Integer.parseInt(port.group(1)));
            await().untilAsserted(
                            () -> assertThat(visitor.get("/readyz").status()).isEqualTo(200));

            for (String junk : List.of("GET /version HTTP/9.9\r\n\r\n", "\0\r\n\r\n", "GET /version HTTP/1.1\r\nHo")) {
                sendAndHangUp(visitor.port(), junk);
            }

            process.destroy();

            await().untilAsserted(
                            () -> assertThat(visitor.get("/readyz").status()).isEqualTo(503));
            assertThat(visitor.get("/version").status()).isEqualTo(200);
            assertThat(process.waitFor(20, SECONDS)).isTrue();
            assertThat(process.exitValue())
                    .as("else its pod is shown as failed")
                    .isZero();
            assertThat(log())
                    .contains("gateway stopped", "[DEBUG]", "route=/readyz")
                    .doesNotContain("\tat ");
        } finally {
            process.destroyForcibly();
        }
    }

    /** Long enough for a loaded machine. */
    private static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(30));
    }
}
