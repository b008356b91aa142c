package dev.waitingroom.dev;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.SignedJWT;
import dev.waitingroom.testkit.redis.FreePorts;
import dev.waitingroom.testkit.redis.RedisProcess;
import dev.waitingroom.testkit.visitors.Answer;
import dev.waitingroom.testkit.visitors.Operation;
import dev.waitingroom.testkit.visitors.VisitorClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole product, as {@code make run} starts it. Every part is real except the cluster. */
class RunIT {
    private static final String READY = "The room admits.";

    @TempDir
    private static Path directory;

    private static int shop;
    private static RedisProcess redis;
    private static VisitorClient client;
    private static Path yaml;
    private static RunProcess run;

    @BeforeAll
    static void start() throws IOException {
        redis = RedisProcess.start();
        client = new VisitorClient(100, Duration.ofSeconds(10));
        shop = FreePorts.next();
        yaml = directory.resolve("rooms.yaml");
        Files.writeString(yaml, rooms(1, "Queue"));
        run = RunProcess.start(directory, "--room", yaml.toString(), "--redis-url", redis.url());
        run.awaitPrinted(READY);
    }

    @AfterAll
    static void stop() {
        run.close();
        client.close();
        redis.close();
    }

    private static String rooms(int rate, String heldMode) {
        return """
                apiVersion: v1
                kind: Service
                metadata: {name: shop, labels: {app.kubernetes.io/name: demo-shop}}
                spec: {type: ExternalName, externalName: 127.0.0.1, ports: [{port: %d}]}
                ---
                apiVersion: waitingroom.dev/v1alpha1
                kind: WaitingRoom
                metadata: {name: edited}
                spec: {admission: {rate: %d, burst: 1}}
                ---
                apiVersion: waitingroom.dev/v1alpha1
                kind: WaitingRoom
                metadata: {name: held}
                spec: {mode: %s, admission: {rate: 10, burst: 10}}
                ---
                apiVersion: waitingroom.dev/v1alpha1
                kind: WaitingRoom
                metadata: {name: open}
                spec: {admission: {rate: 10, burst: 10}, protect: {service: {name: shop, port: %d}}}
                """.formatted(shop, rate, heldMode, shop);
    }

    private static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(100));
    }

    private static Answer call(Operation operation) {
        return client.call(run.api(), operation).toCompletableFuture().join();
    }

    private static String join(String event) {
        List<Answer.Joined> joined = new ArrayList<>();
        await().until(() -> {
            if (call(new Operation.Join(event, Optional.empty(), Optional.empty())) instanceof Answer.Joined place) {
                joined.add(place);
            }
            return !joined.isEmpty();
        });
        return joined.getFirst().token();
    }

    private static Answer.Admitted admitted(String token) {
        List<Answer.Admitted> admitted = new ArrayList<>();
        await().until(() -> {
            if (call(new Operation.Admit(token)) instanceof Answer.Admitted in) {
                admitted.add(in);
            }
            return !admitted.isEmpty();
        });
        return admitted.getFirst();
    }

    /** -1 if the answer has no position. */
    private static long position(String token) {
        return call(new Operation.Poll(token)) instanceof Answer.Standing standing ? standing.position() : -1;
    }

    @Test
    void admitsWithATokenThatVerifies() throws IOException, InterruptedException, ParseException, JOSEException {
        String token = join("open");

        String reservation = admitted(token).reservationToken();

        SignedJWT jwt = SignedJWT.parse(reservation);
        String jwks = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(run.api() + "/.well-known/jwks.json"))
                                .build(),
                        BodyHandlers.ofString())
                .body();
        var key = JWKSet.parse(jwks).getKeyByKeyId(jwt.getHeader().getKeyID()).toECKey();
        assertThat(jwt.verify(new ECDSAVerifier(key))).isTrue();
        assertThat(SignedJWT.parse(admitted(token).reservationToken()).getJWTClaimsSet())
                .isEqualTo(jwt.getJWTClaimsSet());
    }

    /** A browser without script, which follows redirects and keeps cookies. */
    @Test
    void newcomerComesThroughThePageIntoTheShop() throws IOException, InterruptedException {
        try (HttpClient browser = HttpClient.newBuilder()
                .cookieHandler(new CookieManager())
                .followRedirects(Redirect.NORMAL)
                .build()) {
            List<HttpResponse<String>> page = new ArrayList<>();
            await().until(() -> {
                page.add(browser.send(navigation("/?seat=3").build(), BodyHandlers.ofString()));
                return page.getLast().uri().getPath().equals("/waiting/open");
            });
            assertThat(page.getLast().statusCode()).isEqualTo(200);

            HttpResponse<String> inside = browser.send(
                    navigation("/waiting/open")
                            .header("Content-Type", "application/x-www-form-urlencoded")
                            .POST(BodyPublishers.ofString("action=join&return=%2F%3Fseat%3D3"))
                            .build(),
                    BodyHandlers.ofString());

            assertThat(inside.uri()).isEqualTo(run.api().resolve("/?seat=3"));
            assertThat(inside.body()).contains("You are in the shop.");
        }
    }

    private static HttpRequest.Builder navigation(String path) {
        return HttpRequest.newBuilder(run.api().resolve(path)).header("Accept", "text/html");
    }

    @Test
    void appliesTheFileWheneverItChanges() throws IOException {
        List<String> tokens = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            tokens.add(join("edited"));
        }
        admitted(tokens.getFirst());

        Files.writeString(yaml, rooms(1_000, "Queue"));

        // At the old rate it would take half a minute.
        await().atMost(Duration.ofSeconds(15))
                .until(() -> call(new Operation.Admit(tokens.getLast())) instanceof Answer.Admitted);
        Files.writeString(yaml, rooms(1_000, "Sometimes"));
        run.awaitPrinted("WaitingRoom held: waitingrooms \"default/held\" is invalid: spec.mode");
        Files.writeString(yaml, "kind: [");
        run.awaitPrinted("nothing was applied");
    }

    @Test
    void losesNobodyWhenAGatewayIsKilled() {
        List<String> tokens = heldLine();
        ProcessHandle victim = run.gateways().getFirst();

        victim.destroyForcibly();

        run.awaitPrinted("pod ended and is replaced");
        await().untilAsserted(() ->
                assertThat(tokens.stream().map(RunIT::position)).isSorted().doesNotContain(-1L, 0L));
        await().untilAsserted(() -> assertThat(run.gateways()).hasSize(2).doesNotContain(victim));
    }

    @Test
    void putsTheLineBackThatRedisLost() {
        List<String> tokens = heldLine();
        List<Long> before = tokens.stream().map(RunIT::position).toList();

        redis.flush();

        run.awaitPrinted("restored lost data in Redis");
        await().untilAsserted(() -> {
            assertThat(tokens.stream().map(RunIT::position).toList()).isEqualTo(before);
            assertThat(call(new Operation.Join("open", Optional.empty(), Optional.empty())))
                    .isInstanceOf(Answer.Joined.class);
        });
    }

    /** Fifty visitors who wait in a room that admits nobody, in order. */
    private static List<String> heldLine() {
        try {
            Files.writeString(yaml, rooms(1, "Hold"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String first = join("held");
        await().until(() -> call(new Operation.Poll(first)) instanceof Answer.Standing standing && standing.onHold());
        List<String> tokens = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            tokens.add(join("held"));
        }
        await().untilAsserted(() ->
                assertThat(tokens.stream().map(RunIT::position)).isSorted().doesNotContain(-1L, 0L));
        return tokens;
    }

    @Test
    void leavesNothingBehind() throws IOException, InterruptedException {
        try (RunProcess alone = RunProcess.start(directory, "--room", "../examples/concert.yaml", "--visitors", "50")) {
            alone.awaitPrinted("visitors: 50 came");
            List<ProcessHandle> children = alone.children();
            assertThat(children).hasSizeGreaterThanOrEqualTo(3); // Redis and two gateways

            alone.interrupt();

            assertThat(alone.awaitExit()).isZero();
            await().until(() -> children.stream().noneMatch(ProcessHandle::isAlive));
            assertThat(alone.printed()).endsWith("ending\n").doesNotContain("ERROR");
        }
    }

    @Test
    void saysWhatIsWrongWithItsArguments() throws IOException, InterruptedException {
        try (RunProcess nofile = RunProcess.start(directory, "--room", "nowhere.yaml")) {
            assertThat(nofile.awaitExit()).isNotZero();
            assertThat(nofile.printed())
                    .contains("nowhere.yaml: there is no such file")
                    .doesNotContain("\tat ");
        }
    }
}
