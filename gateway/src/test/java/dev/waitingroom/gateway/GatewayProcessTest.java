package dev.waitingroom.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.waitingroom.gateway.admission.Keys;
import dev.waitingroom.gateway.config.Settings;
import dev.waitingroom.queue.room.AdmitOutcome;
import dev.waitingroom.queue.settings.SettingsException;
import dev.waitingroom.queue.ticket.TicketCodec;
import dev.waitingroom.queue.ticket.TicketKeys;
import io.envoyproxy.envoy.service.auth.v3.AuthorizationGrpc;
import io.envoyproxy.envoy.service.auth.v3.CheckRequest;
import io.envoyproxy.envoy.service.auth.v3.CheckResponse;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GatewayProcessTest {
    @TempDir
    private Path keys;

    private final String ticketKeys = Keys.set(Keys.ticket("t1"));
    private final FakeRoomRegistry registry = new FakeRoomRegistry();
    private final HttpClient client = HttpClient.newHttpClient();

    @BeforeEach
    void writeKeys() throws IOException {
        Files.writeString(keys.resolve("ticket-keys.json"), ticketKeys);
        Files.writeString(keys.resolve("reservation-keys.json"), Keys.set(Keys.reservation("r1")));
    }

    @AfterEach
    void close() {
        client.close();
    }

    private Settings settings(Map<String, String> more) {
        Map<String, String> env = new HashMap<>(Map.of(
                "GATEWAY", "default/default",
                "POD_NAME", "pod-1",
                "REDIS_URL", "redis://unused",
                "KEYS_DIR", keys.toString(),
                "BIND_ADDRESS", "127.0.0.1",
                "HTTP_PORT", "0",
                "ADMIN_PORT", "0",
                "DRAIN_SECONDS", "0"));
        env.putAll(more);
        return Settings.from(env);
    }

    private GatewayProcess start(Map<String, String> more) {
        return GatewayProcess.start(settings(more), (settings, build, load, closers) -> registry);
    }

    private HttpRequest.Builder request(GatewayProcess process, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + process.httpPort() + path));
    }

    private HttpResponse<String> get(GatewayProcess process, String path) throws Exception {
        return client.send(request(process, path).build(), BodyHandlers.ofString());
    }

    @Test
    void drainingProcessIsNotReadyButServes() throws Exception {
        GatewayProcess process = start(Map.of("DRAIN_SECONDS", "1"));
        assertThat(get(process, "/readyz").statusCode()).isEqualTo(200);

        CompletableFuture<Void> closing = CompletableFuture.runAsync(process::close);

        await().untilAsserted(
                        () -> assertThat(get(process, "/readyz").statusCode()).isEqualTo(503));
        assertThat(get(process, "/version").statusCode()).isEqualTo(200);
        assertThat(registry.closed).isFalse();
        closing.join();
        assertThat(registry.closed).isTrue();
        assertThatThrownBy(() -> get(process, "/version")).isInstanceOf(ConnectException.class);
    }

    @Test
    void heldAdmitIsAnsweredDuringTheStop() throws Exception {
        CompletableFuture<AdmitOutcome> held = new CompletableFuture<>();
        FakeRoom room = registry.add("evt");
        room.admits = held;
        GatewayProcess process = start(Map.of());
        String token = new TicketCodec(TicketKeys.parse(ticketKeys)).encode(FakeRoom.ticket("evt"));
        CompletableFuture<HttpResponse<String>> answer = client.sendAsync(
                request(process, "/api/v1/queue/admit?token=" + token)
                        .POST(BodyPublishers.noBody())
                        .build(),
                BodyHandlers.ofString());
        await().until(() -> !room.asked().isEmpty());

        CompletableFuture<Void> closing = CompletableFuture.runAsync(process::close);
        await().untilAsserted(
                        () -> assertThatThrownBy(() -> get(process, "/version")).isInstanceOf(IOException.class));
        assertThat(registry.closed).isFalse();
        held.complete(new AdmitOutcome.Granted(FakeRoom.NOW, Duration.ofMinutes(2)));

        assertThat(answer.join().statusCode()).isEqualTo(200);
        closing.join();
        assertThat(registry.closed).isTrue();
    }

    @Test
    void streamsEndDuringTheDrain() {
        registry.add("evt");
        GatewayProcess process = start(Map.of("DRAIN_SECONDS", "1"));
        String token = new TicketCodec(TicketKeys.parse(ticketKeys)).encode(FakeRoom.ticket("evt"));

        try (EventReader stream = EventReader.open(process.httpPort(), "/api/v1/queue/stream?token=" + token)) {
            assertThat(stream.data()).contains("\"position\":42");
            CompletableFuture<Void> closing = CompletableFuture.runAsync(process::close);

            String last = "";
            for (Optional<String> block = stream.next(); block.isPresent(); block = stream.next()) {
                last = block.get();
            }

            assertThat(last).startsWith("retry: ");
            assertThat(registry.closed).as("before the process stops").isFalse();
            closing.join();
        }
    }

    @Test
    void envoyIsAnsweredDuringTheDrain() throws Exception {
        registry.add("evt");
        GatewayProcess process = start(Map.of("DRAIN_SECONDS", "1", "GRPC_PORT", "0"));
        ManagedChannel channel = NettyChannelBuilder.forAddress(
                        "127.0.0.1", process.grpcPort().orElseThrow())
                .usePlaintext()
                .build();
        try {
            CompletableFuture<Void> closing = CompletableFuture.runAsync(process::close);
            await().untilAsserted(() ->
                    assertThat(get(process, "/readyz").statusCode()).isEqualTo(503));

            CheckResponse response =
                    AuthorizationGrpc.newBlockingStub(channel).check(CheckRequest.getDefaultInstance());

            assertThat(response.getDeniedResponse().getStatus().getCodeValue()).isEqualTo(429);
            closing.join();
            assertThatThrownBy(
                            () -> AuthorizationGrpc.newBlockingStub(channel).check(CheckRequest.getDefaultInstance()))
                    .isInstanceOf(StatusRuntimeException.class)
                    .hasMessageStartingWith("UNAVAILABLE");
        } finally {
            channel.shutdownNow();
        }
    }

    @Test
    void grpcIsOffUnlessItsPortIsNamed() {
        try (GatewayProcess process = start(Map.of())) {
            assertThat(process.grpcPort()).isEmpty();
        }
    }

    @Test
    void closeIsIdempotent() {
        GatewayProcess process = start(Map.of());

        process.close();
        process.close();

        assertThat(registry.closed).isTrue();
    }

    @Test
    void replacedKeysAreUsedWithoutARestart() throws Exception {
        try (GatewayProcess process = start(Map.of())) {
            assertThat(get(process, "/.well-known/jwks.json").body()).contains("\"r1\"");

            Files.writeString(
                    keys.resolve("reservation-keys.json"), Keys.set(Keys.reservation("r2"), Keys.reservation("r1")));

            await().untilAsserted(() ->
                    assertThat(get(process, "/.well-known/jwks.json").body()).contains("\"r2\"", "\"r1\""));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP_PORT", "GRPC_PORT"})
    void portInUseIsNamedAndNothingKeepsRunning(String variable) throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());

            assertThatThrownBy(() -> start(Map.of(variable, port)))
                    .isInstanceOf(SettingsException.class)
                    .hasMessageContainingAll(variable, port);
            assertThat(registry.closed).isTrue();
        }
    }

    /** Long enough for a loaded machine. */
    private static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(30));
    }
}
