package dev.waitingroom.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.SignedJWT;
import dev.waitingroom.gateway.Visitor.Answer;
import dev.waitingroom.gateway.admission.Keys;
import dev.waitingroom.queue.GatewayId;
import dev.waitingroom.queue.RoomId;
import dev.waitingroom.queue.policy.Mode;
import dev.waitingroom.queue.policy.Policy;
import dev.waitingroom.queue.redis.QueueRedis;
import dev.waitingroom.queue.redis.RedisSettings;
import dev.waitingroom.queue.store.RoomRegistration;
import dev.waitingroom.testkit.redis.RedisExtension;
import dev.waitingroom.testkit.redis.RedisProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Gateway processes with the real queue on a real Redis, as visitors see them. */
class GatewayIT {
    private static final String EVENT = "evt_2025_1001";
    private static final GatewayId GATEWAY = new GatewayId("default", "default");
    private static final RoomId ROOM = new RoomId("default", "concert");

    @RegisterExtension
    static final RedisExtension REDIS = new RedisExtension();

    @TempDir
    private Path keys;

    private final HttpClient client = HttpClient.newHttpClient();
    private final List<AutoCloseable> open = new ArrayList<>();
    private final QueueRedis operator = QueueRedis.connect(redisSettings());

    @BeforeEach
    void writeKeys() throws IOException {
        Files.writeString(keys.resolve("ticket-keys.json"), Keys.set(Keys.ticket("t1")));
        Files.writeString(keys.resolve("reservation-keys.json"), Keys.set(Keys.reservation("r1")));
    }

    @AfterEach
    void close() throws Exception {
        REDIS.redis().revive();
        for (AutoCloseable part : open) {
            part.close();
        }
        operator.close();
        client.close();
    }

    private static RedisSettings redisSettings() {
        return RedisSettings.of(REDIS.url());
    }

    private static Policy policy(Mode mode, int rate, int burst, OptionalLong maxLength) {
        return policy(7, mode, rate, burst, maxLength);
    }

    private static Policy policy(long incarnation, Mode mode, int rate, int burst, OptionalLong maxLength) {
        return new Policy(
                EVENT,
                incarnation,
                1,
                mode,
                rate,
                Duration.ofSeconds(1),
                burst,
                Duration.ofMinutes(5),
                Duration.ofMinutes(15),
                maxLength,
                Duration.ofMinutes(2),
                "back at noon");
    }

    private void openRoom(Policy policy, boolean fresh) {
        await().ignoreExceptions().until(() -> {
            operator.gatewayControl().register(GATEWAY, new RoomRegistration(EVENT, ROOM, policy.incarnation()));
            operator.roomControl().apply(ROOM, policy, fresh);
            return true;
        });
    }

    /** A gateway process that serves the room. */
    private Visitor gateway(String pod) {
        GatewayProcess process = process(pod, REDIS.url());
        Visitor visitor = new Visitor(client, process.httpPort());
        await().untilAsserted(() -> assertThat(visitor.get("/readyz").status()).isEqualTo(200));
        await().untilAsserted(() ->
                assertThat(visitor.get("/api/v1/queue/status").status()).isEqualTo(400));
        return visitor;
    }

    private GatewayProcess process(String pod, String redisUrl) {
        GatewayProcess process = GatewayProcess.start(Map.of(
                "GATEWAY",
                GATEWAY.toString(),
                "POD_NAME",
                pod,
                "REDIS_URL",
                redisUrl,
                "KEYS_DIR",
                keys.toString(),
                "BIND_ADDRESS",
                "127.0.0.1",
                "HTTP_PORT",
                "0",
                "ADMIN_PORT",
                "0",
                "DRAIN_SECONDS",
                "0"));
        open.addFirst(process);
        return process;
    }

    private static SignedJWT verified(Visitor visitor, String reservationToken) throws Exception {
        JWKSet published =
                JWKSet.parse(visitor.get("/.well-known/jwks.json").response().body());
        SignedJWT jwt = SignedJWT.parse(reservationToken);
        assertThat(jwt.verify(new ECDSAVerifier(
                        published.getKeyByKeyId(jwt.getHeader().getKeyID()).toECKey())))
                .isTrue();
        return jwt;
    }

    @Test
    void startingGatewayNamesTheFaultOfRedis() throws Exception {
        try (RedisProcess redis = RedisProcess.start("rename-command INFO \"\"", "maxmemory-policy allkeys-lru");
                QueueRedis hand = QueueRedis.connect(RedisSettings.of(redis.url()))) {
            await().ignoreExceptions()
                    .until(() -> hand.gatewayControl()
                            .register(GATEWAY, new RoomRegistration(EVENT, ROOM, 7))
                            .isEmpty());

            Visitor probe = new Visitor(client, process("pod", redis.url()).adminPort());

            await().untilAsserted(() ->
                    assertThat(probe.get("/readyz").response().body()).contains("STARTING", "CommandRefused"));
        }
    }

    @Test
    void metricsShowThatRedisMayEvictKeys() throws Exception {
        try (RedisProcess redis = RedisProcess.start("maxmemory-policy volatile-lru")) {
            URI metrics =
                    URI.create("http://127.0.0.1:" + process("pod", redis.url()).adminPort() + "/metrics");

            await().untilAsserted(() -> assertThat(
                            client.send(HttpRequest.newBuilder(metrics).build(), HttpResponse.BodyHandlers.ofString())
                                    .body())
                    .contains("waitingroom_redis_evicting 1.0"));
        }
    }

    @Test
    void visitorJoinsWaitsAndIsAdmittedOnce() throws Exception {
        openRoom(policy(Mode.QUEUE, 10, 100, OptionalLong.empty()), true);
        Visitor visitor = gateway("pod-1");

        Answer joined = visitor.join(EVENT, ",\"user_id\":\"u1\"");
        assertThat(joined.status()).isEqualTo(202);
        assertThat(joined.number("position_hint")).isEqualTo(1);
        String token = joined.text("waiting_token");
        await().untilAsserted(() -> assertThat(visitor.status(token).json())
                .containsEntry("status", "waiting")
                .containsEntry("ready_for_entry", true));
        assertThat(visitor.status(token).number("waiting_time")).isBetween(0L, 10L);

        Answer admitted = visitor.admit(token);
        Answer again = visitor.admit(token);

        assertThat(admitted.json()).containsEntry("admission", "granted");
        SignedJWT jwt = verified(visitor, admitted.text("reservation_token"));
        assertThat(jwt.getJWTClaimsSet().getAudience()).containsExactly(EVENT);
        assertThat(jwt.getJWTClaimsSet().getSubject()).isEqualTo("u1");
        assertThat(verified(visitor, again.text("reservation_token"))
                        .getPayload()
                        .toString())
                .isEqualTo(jwt.getPayload().toString());
        await().untilAsserted(
                        () -> assertThat(visitor.status(token).text("status")).isEqualTo("admitted"));
    }

    @Test
    void deletedRoomIsClosedOnEveryPodAndANewOneOfItsNameServes() throws Exception {
        openRoom(policy(Mode.QUEUE, 1, 1, OptionalLong.empty()), true);
        List<Visitor> gateways = List.of(gateway("pod-1"), gateway("pod-2"));
        List<String> tokens = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            tokens.add(gateways.get(i % 2).join(EVENT, "").text("waiting_token"));
        }

        operator.gatewayControl().unregister(GATEWAY, new RoomRegistration(EVENT, ROOM, 7));
        operator.roomControl().clear(ROOM);

        for (Visitor gateway : gateways) {
            for (String token : tokens) {
                List<String> told = new ArrayList<>();
                await().until(() -> told.add(gateway.status(token).text("status"))
                        && told.getLast().equals("closed"));
                assertThat(told).isSubsetOf("waiting", "closed");
                Answer admit = gateway.admit(token);
                assertThat(admit.status()).isEqualTo(410);
                assertThat(admit.text("code")).isEqualTo("CLOSED");
                assertThat(gateway.leave(token).status()).isEqualTo(200);
            }
            assertThat(gateway.join(EVENT, "").status()).isEqualTo(404);
        }

        Policy again = policy(8, Mode.QUEUE, 1, 1, OptionalLong.empty());
        openRoom(again, true);
        for (Visitor gateway : gateways) {
            await().untilAsserted(
                            () -> assertThat(gateway.join(EVENT, "").status()).isEqualTo(202));
            assertThat(gateway.status(tokens.getFirst()).text("status")).isEqualTo("closed");
        }
    }

    @Test
    void everyVisitorOfACrowdIsAdmittedOnceAndPositionsNeverRise() throws Exception {
        openRoom(policy(Mode.QUEUE, 40, 5, OptionalLong.empty()), true);
        Visitor first = gateway("pod-1");
        Visitor second = gateway("pod-2");

        Set<String> ids = new HashSet<>();
        try (ExecutorService visitors = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> reservations = new ArrayList<>();
            for (int i = 0; i < 80; i++) {
                Visitor through = i % 2 == 0 ? first : second;
                reservations.add(visitors.submit(waitAndEnter(through)));
            }
            for (Future<String> reservation : reservations) {
                ids.add(verified(first, reservation.get()).getJWTClaimsSet().getJWTID());
            }
        }

        assertThat(ids).hasSize(80);
    }

    /** Polls like the web client, and enters when the turn comes. */
    private static Callable<String> waitAndEnter(Visitor visitor) {
        return () -> {
            String token = visitor.join(EVENT, "").text("waiting_token");
            List<Long> positions = new ArrayList<>();
            await().atMost(Duration.ofSeconds(30)).until(() -> {
                Answer status = visitor.status(token);
                positions.add(status.number("position"));
                return status.text("ready_for_entry").equals("true");
            });
            assertThat(positions).isSortedAccordingTo(java.util.Comparator.reverseOrder());
            Answer admitted = await().atMost(Duration.ofSeconds(10))
                    .until(() -> visitor.admit(token), answer -> answer.status() == 200);
            return admitted.text("reservation_token");
        };
    }

    /** Only those are called and told to enter who are here, and nobody polls. */
    @Test
    void everyVisitorWhoWaitsOnAStreamIsAdmitted() throws Exception {
        openRoom(policy(Mode.QUEUE, 10, 2, OptionalLong.empty()), true);
        List<Visitor> gateways = List.of(gateway("pod-1"), gateway("pod-2"));

        Set<String> ids = new HashSet<>();
        try (ExecutorService visitors = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> reservations = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                Visitor through = gateways.get(i % 2);
                reservations.add(visitors.submit(() -> waitOnAStreamAndEnter(through)));
            }
            for (Future<String> reservation : reservations) {
                ids.add(verified(gateways.getFirst(), reservation.get())
                        .getJWTClaimsSet()
                        .getJWTID());
            }
        }

        assertThat(ids).hasSize(20);
    }

    private static String waitOnAStreamAndEnter(Visitor visitor) {
        String token = visitor.join(EVENT, "").text("waiting_token");
        String path = "/api/v1/queue/stream?token=" + token;
        String reservation;
        try (EventReader stream = EventReader.open(visitor.port(), path)) {
            assertThat(stream.header("Content-Type")).isEqualTo("text/event-stream");
            while (!stream.data().contains("\"ready_for_entry\":true")) {}
            reservation = await().until(() -> visitor.admit(token), answer -> answer.status() == 200)
                    .text("reservation_token");
            while (!stream.data().contains("\"status\":\"admitted\"")) {}
            assertThat(stream.next()).as("the stream goes on").isEmpty();
        }
        try (EventReader again = EventReader.open(visitor.port(), path)) {
            assertThat(again.status()).isEqualTo(204);
        }
        return reservation;
    }

    @Test
    void anyPodServesAnyTicket() throws Exception {
        openRoom(policy(Mode.QUEUE, 10, 100, OptionalLong.empty()), true);
        Visitor first = gateway("pod-1");
        Visitor second = gateway("pod-2");

        String token = first.join(EVENT, ",\"user_id\":\"u1\"").text("waiting_token");
        String same = second.join(EVENT, ",\"user_id\":\"u1\"").text("waiting_token");
        assertThat(same).isEqualTo(token);
        await().untilAsserted(() ->
                assertThat(second.status(token).text("ready_for_entry")).isEqualTo("true"));
        Answer admitted = second.admit(token);
        Answer again = first.admit(token);

        assertThat(verified(first, again.text("reservation_token")).getPayload().toString())
                .isEqualTo(verified(second, admitted.text("reservation_token"))
                        .getPayload()
                        .toString());
    }

    @Test
    void placeIsGoneAfterLeave() {
        openRoom(policy(Mode.HOLD, 10, 100, OptionalLong.empty()), true);
        Visitor visitor = gateway("pod-1");
        String token = visitor.join(EVENT, "").text("waiting_token");
        Answer held = visitor.admit(token);
        assertThat(held.status()).isEqualTo(403);
        assertThat(held.text("code")).isEqualTo("NOT_READY");

        assertThat(visitor.leave(token).text("status")).isEqualTo("left");
        assertThat(visitor.leave(token).text("status")).isEqualTo("left");

        await().untilAsserted(
                        () -> assertThat(visitor.status(token).text("status")).isEqualTo("left"));
        assertThat(visitor.admit(token).status()).isEqualTo(410);
    }

    @Test
    void fullRoomRefusesJoins() {
        openRoom(policy(Mode.QUEUE, 1, 1, OptionalLong.of(1)), true);
        Visitor visitor = gateway("pod-1");
        visitor.join(EVENT, "");

        Answer full = visitor.join(EVENT, "");

        assertThat(full.status()).isEqualTo(503);
        assertThat(full.text("code")).isEqualTo("QUEUE_FULL");
    }

    @Test
    void withoutRedisStatusAnswersAndOtherCallsAre503() {
        openRoom(policy(Mode.QUEUE, 1, 1, OptionalLong.empty()), true);
        Visitor visitor = gateway("pod-1");
        String token = visitor.join(EVENT, "").text("waiting_token");
        await().untilAsserted(() ->
                assertThat(visitor.status(token).number("position")).isEqualTo(1));

        REDIS.redis().pause();

        Answer status = visitor.status(token);
        assertThat(status.text("status")).isEqualTo("waiting");
        assertThat(status.json()).containsKey("as_of");
        for (Answer answer : List.of(visitor.join(EVENT, ""), visitor.admit(token))) {
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.text("code")).isEqualTo("UNAVAILABLE");
            assertThat(answer.response().headers().firstValue("Retry-After")).isPresent();
        }
        assertThat(visitor.get("/readyz").status()).isEqualTo(200);

        REDIS.redis().resume();

        await().untilAsserted(() -> assertThat(visitor.admit(token).status()).isEqualTo(200));
    }

    @Test
    void placesSurviveTheLossOfTheLineInRedis() {
        Policy policy = policy(Mode.HOLD, 10, 10, OptionalLong.empty());
        openRoom(policy, true);
        Visitor visitor = gateway("pod-1");
        List<String> tokens = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            tokens.add(visitor.join(EVENT, "").text("waiting_token"));
        }
        await().untilAsserted(() ->
                assertThat(visitor.status(tokens.getLast()).number("position")).isEqualTo(20));

        REDIS.redis().flush();
        // Longer than it takes the gateway to see that the gateway's list is gone, too.
        await().during(Duration.ofMillis(2_500)).untilAsserted(() -> {
            assertThat(visitor.join(EVENT, "").status()).isEqualTo(503);
            assertThat(visitor.status(tokens.getLast()).text("status")).isEqualTo("waiting");
        });
        openRoom(policy, false);

        await().untilAsserted(() -> {
            assertThat(visitor.join(EVENT, ",\"user_id\":\"probe\"").status()).isEqualTo(202);
            for (int i = 0; i < 20; i++) {
                Answer status = visitor.status(tokens.get(i));
                assertThat(status.text("status")).isEqualTo("waiting");
                assertThat(status.number("position")).isEqualTo(i + 1);
            }
        });
    }

    @Test
    void placesSurviveTheLossOfRedisAndOfEveryPod() throws Exception {
        Policy policy = policy(Mode.QUEUE, 10, 10, OptionalLong.empty());
        openRoom(policy, true);
        String token = gateway("pod-1").join(EVENT, "").text("waiting_token");

        open.removeFirst().close();
        REDIS.redis().flush();
        Visitor visitor = gateway("pod-2");

        for (Answer answer : List.of(visitor.status(token), visitor.admit(token), visitor.join(EVENT, ""))) {
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.text("code")).isEqualTo("STARTING");
            assertThat(answer.response().headers().firstValue("Retry-After")).contains("1");
        }

        openRoom(policy, false);

        await().untilAsserted(() -> assertThat(visitor.admit(token).status()).isEqualTo(200));
    }

    /** Long enough for a loaded machine. */
    private static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(30));
    }
}
