package dev.waitingroom.e2e;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jwt.SignedJWT;
import dev.waitingroom.e2e.GatewayApi.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The example of the README on a real cluster: one YAML, and visitors are admitted through the Service. */
@OnCluster
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RoomIT {
    private static final Path EXAMPLE = Path.of("../examples/concert.yaml");
    private static final String EVENT = "evt_2025_1001";
    private static final int BURST = 100;

    private final Cluster cluster;
    private final TestNamespace namespace;
    private final GatewayApi api;

    RoomIT(Cluster cluster) {
        this.cluster = cluster;
        namespace = cluster.namespace("room");
        api = new GatewayApi(cluster.service(namespace.name(), "default"));
    }

    @BeforeAll
    void applyTheExampleAlone() throws IOException {
        namespace.apply(Files.readString(EXAMPLE));
        await().atMost(180, SECONDS)
                .until(() ->
                        Ready.room(cluster.room(namespace.name(), "concert").get()));
    }

    @AfterAll
    void close() {
        namespace.close();
    }

    @Test
    void admitsTheBurstAtOnceAndTheRestInOrder() throws ParseException, JOSEException {
        List<String> tokens = join(EVENT, BURST + 30);
        String last = tokens.getLast();
        await().atMost(10, SECONDS)
                .untilAsserted(
                        () -> assertThat(api.status(last).number("position")).isEqualTo(tokens.size()));

        var reservations = new ArrayList<String>();
        for (String token : tokens) {
            reservations.add(await().atMost(60, SECONDS)
                    .until(() -> api.admitted(token), Optional::isPresent)
                    .orElseThrow());
        }

        assertThat(reservations).doesNotHaveDuplicates();
        await().atMost(5, SECONDS) // another pod's copy of the line is some 100 ms old
                .untilAsserted(() -> assertThat(api.status(last).text("status")).isEqualTo("admitted"));
        var jwt = SignedJWT.parse(reservations.getLast());
        var repeated = SignedJWT.parse(api.admit(last).text("reservation_token"));
        assertThat(repeated.getJWTClaimsSet()).isEqualTo(jwt.getJWTClaimsSet());
        var key = api.jwks().getKeyByKeyId(jwt.getHeader().getKeyID());
        assertThat(jwt.verify(new ECDSAVerifier(key.toECKey()))).isTrue();
        assertThat(jwt.getJWTClaimsSet().getAudience()).containsExactly(EVENT);
    }

    @Test
    void servesThoseInsideTheClusterByName() {
        cluster.kubectl()
                .run(
                        "run",
                        "visitor",
                        "-n",
                        namespace.name(),
                        "--restart=Never",
                        "--image=" + cluster.busyboxImage(),
                        "--image-pull-policy=IfNotPresent",
                        "--command",
                        "--",
                        "busybox",
                        "wget",
                        "-qO-",
                        "http://default-gateway." + namespace.name() + ".svc.cluster.local/version");

        await().atMost(60, SECONDS)
                .until(() -> cluster.kubectl()
                        .run("get", "pod", "visitor", "-n", namespace.name(), "-o", "jsonpath={.status.phase}")
                        .equals("Succeeded"));

        assertThat(cluster.kubectl().run("logs", "visitor", "-n", namespace.name()))
                .contains("\"version\"");
    }

    @Test
    void putsAChangedRateInForce() {
        namespace.apply(room("slow", "{rate: 1, periodSeconds: 3600, burst: 1}"));
        awaitReady("slow");
        List<String> tokens = join("slow", 20);
        String first = tokens.getFirst();
        String second = tokens.get(1);
        await().atMost(30, SECONDS).until(() -> api.admitted(first).isPresent());
        Answer refused = api.admit(second);

        cluster.kubectl()
                .run(
                        "patch",
                        "wr",
                        "slow",
                        "-n",
                        namespace.name(),
                        "--type=merge",
                        "-p",
                        "{\"spec\": {\"admission\": {\"rate\": 1000, \"periodSeconds\": 1, \"burst\": 100}}}");

        assertThat(refused.status()).isIn(403, 409);
        await().atMost(15, SECONDS).until(() -> api.admitted(second).isPresent());
        awaitReady("slow");
        assertThat(cluster.kubectl()
                        .run("get", "wr", "slow", "-n", namespace.name(), "-o", "jsonpath={.status.policy.rate}"))
                .isEqualTo("1000/s");
    }

    @Test
    void showsWhoWaits() {
        namespace.apply(room("shown", "{rate: 1, periodSeconds: 3600, burst: 1}"));
        awaitReady("shown");

        join("shown", 7);

        await().atMost(30, SECONDS)
                .untilAsserted(() -> assertThat(
                                cluster.kubectl().run("get", "wr", "shown", "-n", namespace.name(), "--no-headers"))
                        .matches("(?s)shown +1/3600s +1 +7 +.*True.*"));
    }

    @Test
    void forgetsARoomThatIsDeleted() {
        namespace.apply(room("brief", "{rate: 1, burst: 1}"));
        awaitReady("brief");
        join("brief", 1);

        cluster.kubectl().run("delete", "wr", "brief", "-n", namespace.name(), "--timeout=30s");

        // Gateways serve a room for a minute that is off the list, lest a list that was lost closes it.
        await().atMost(120, SECONDS)
                .untilAsserted(
                        () -> assertThat(api.joinOnce("brief", "late").status()).isEqualTo(404));
    }

    @Test
    void saysWhatToDoAboutAnEventIdThatIsTaken() {
        namespace.apply(room("first", "{rate: 1, burst: 1}", "eventId: shared"));
        awaitReady("first");

        namespace.apply(room("second", "{rate: 1, burst: 1}", "eventId: shared"));

        await().atMost(30, SECONDS)
                .untilAsserted(() -> assertThat(cluster.kubectl()
                                .run(
                                        "get",
                                        "wr",
                                        "second",
                                        "-n",
                                        namespace.name(),
                                        "-o",
                                        "jsonpath={.status.conditions[?(@.type==\"Ready\")].reason}"))
                        .isEqualTo("EventIdTaken"));
        assertThat(Ready.room(cluster.room(namespace.name(), "first").get())).isTrue();
    }

    private void awaitReady(String room) {
        await().atMost(60, SECONDS)
                .until(() -> Ready.room(cluster.room(namespace.name(), room).get()));
    }

    private List<String> join(String event, int visitors) {
        var tokens = new ArrayList<String>();
        for (int i = 0; i < visitors; i++) {
            String user = "visitor-" + i;
            tokens.add(await().atMost(10, SECONDS)
                    .until(() -> api.join(event, user), joined -> joined.status() == 202)
                    .text("waiting_token"));
        }
        return tokens;
    }

    private static String room(String name, String admission, String... more) {
        return """
                apiVersion: waitingroom.dev/v1alpha1
                kind: WaitingRoom
                metadata: {name: %s}
                spec:
                  admission: %s
                  %s
                """.formatted(name, admission, String.join("\n  ", more));
    }
}
