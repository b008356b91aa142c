package dev.waitingroom.chaos.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.SignedJWT;
import dev.waitingroom.chaos.site.GatewayChild;
import dev.waitingroom.chaos.site.OperatorHand;
import dev.waitingroom.chaos.site.SiteKeys;
import dev.waitingroom.operator.keys.KeyKind;
import dev.waitingroom.operator.keys.KeyRotation;
import dev.waitingroom.queue.policy.Mode;
import dev.waitingroom.queue.policy.Policy;
import dev.waitingroom.queue.redis.RedisSettings;
import dev.waitingroom.testkit.redis.RedisProcess;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Key rotations of the operator, read by a running gateway. No visitor loses a place or an admission. */
class KeysAcceptanceIT {
    private static final Duration PERIOD = Duration.ofDays(30);
    private static final Instant START = Instant.parse("2026-11-24T10:00:00Z");

    @TempDir
    private Path directory;

    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<KeyKind, String> files = new EnumMap<>(KeyKind.class);
    private RedisProcess redis;
    private OperatorHand operator;
    private GatewayChild gateway;

    @BeforeEach
    void start() throws Exception {
        redis = RedisProcess.start();
        var settings = RedisSettings.of(redis.url());
        operator = new OperatorHand(settings);
        SiteKeys keys = SiteKeys.make(directory.resolve("keys"));
        rotate(START);
        gateway = GatewayChild.start("pod-1", settings, keys, directory);
        operator.apply(
                new Policy(
                        "evt",
                        7,
                        1,
                        Mode.PASS,
                        10,
                        Duration.ofSeconds(1),
                        10,
                        Duration.ofMinutes(5),
                        Duration.ofMinutes(15),
                        OptionalLong.empty(),
                        Duration.ofMinutes(5),
                        ""),
                true);
        gateway.awaitServes(http, "evt");
    }

    @AfterEach
    void stop() {
        gateway.close();
        operator.close();
        redis.close();
        http.close();
    }

    @Test
    void rotationCostsNobodyAPlaceOrAnAdmission() throws Exception {
        String old = join();
        SignedJWT oldReservation = admit(old);

        // The next key is published, and signs nothing yet.
        Instant due = START.plus(PERIOD);
        rotate(due);
        await().untilAsserted(() -> assertThat(jwks().getKeys()).hasSize(2));
        JWKSet announced = jwks();
        String during = join();
        assertThat(signer(during)).isEqualTo(signer(old));
        assertThat(status(old)).isEqualTo(200);

        // It takes over. A service that read the keys before can verify its signatures.
        rotate(due.plus(KeyRotation.OVERLAP));
        await().untilAsserted(() -> assertThat(signer(join())).isNotEqualTo(signer(old)));
        String renewed = join();
        assertThat(List.of(status(old), status(during), status(renewed))).containsOnly(200);
        SignedJWT newReservation = admit(renewed);
        assertThat(newReservation.getHeader().getKeyID())
                .isNotEqualTo(oldReservation.getHeader().getKeyID());
        assertThat(verifies(announced, newReservation)).isTrue();
        assertThat(verifies(jwks(), oldReservation)).isTrue();
        assertThat(admit(during).getJWTClaimsSet().getJWTID()).isNotEmpty();
        assertThat(admit(old).getJWTClaimsSet()).isEqualTo(oldReservation.getJWTClaimsSet());

        // The old key verifies as long as one of its tickets may live, and then no more.
        Instant takenOver = due.plus(KeyRotation.OVERLAP);
        rotate(takenOver.plus(KeyKind.TICKET.retention()).minusSeconds(1));
        rotate(takenOver.plus(KeyKind.TICKET.retention()));
        await().untilAsserted(() -> assertThat(status(old)).isEqualTo(401));
        assertThat(status(renewed)).isEqualTo(200);
    }

    /** Changes the files as a mounted Secret does: all at once. */
    private void rotate(Instant now) throws Exception {
        for (KeyKind kind : KeyKind.values()) {
            String next = KeyRotation.advance(kind, Optional.ofNullable(files.get(kind)), PERIOD, now);
            files.put(kind, next);
            Path made = Files.writeString(directory.resolve("next"), next);
            Files.move(
                    made,
                    directory.resolve("keys").resolve(kind.file()),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private String join() throws Exception {
        return text(call("POST", "/api/v1/queue/join", "{\"event_id\":\"evt\"}"), "waiting_token");
    }

    private int status(String token) throws Exception {
        return call("GET", "/api/v1/queue/status?token=" + token, "").statusCode();
    }

    private SignedJWT admit(String token) throws Exception {
        return SignedJWT.parse(text(call("POST", "/api/v1/queue/admit?token=" + token, ""), "reservation_token"));
    }

    private JWKSet jwks() throws Exception {
        return JWKSet.parse(call("GET", "/.well-known/jwks.json", "").body());
    }

    private static boolean verifies(JWKSet keys, SignedJWT token) throws Exception {
        var key = keys.getKeyByKeyId(token.getHeader().getKeyID());
        return key != null && token.verify(new ECDSAVerifier(key.toECKey()));
    }

    /** A token begins with version and key, so equal first bytes mean the same key. */
    private static String signer(String token) {
        return token.substring(0, 6);
    }

    private static String text(HttpResponse<String> answer, String field) throws Exception {
        assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 299);
        return String.valueOf(JSONObjectUtils.parse(answer.body()).get(field));
    }

    private HttpResponse<String> call(String method, String path, String body) throws Exception {
        return http.send(
                HttpRequest.newBuilder(gateway.uri().resolve(path))
                        .timeout(Duration.ofSeconds(10))
                        .header("Content-Type", "application/json")
                        .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }
}
