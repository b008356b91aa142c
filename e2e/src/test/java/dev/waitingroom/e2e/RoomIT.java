package dev.waitingroom.e2e;

import static dev.waitingroom.e2e.Patience.SOON;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The example of the README on a real cluster: one YAML file, and visitors are admitted through the Service. */
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
        api = cluster.api(namespace.name(), "default");
    }

    @BeforeAll
    void applyTheExampleAlone() throws IOException {
        namespace.apply(Files.readString(EXAMPLE));
        namespace.awaitRoom("concert");
    }

    @AfterAll
    void close() {
        namespace.close();
    }

    @Test
    void admitsTheBurstAtOnceAndTheRestInOrder() throws ParseException, JOSEException {
        List<String> tokens = Line.join(api, EVENT, BURST + 30).tokens();
        String last = tokens.getLast();
        await().atMost(SOON)
                .untilAsserted(
                        () -> assertThat(api.status(last).number("position")).isEqualTo(tokens.size()));

        var reservations = new ArrayList<String>();
        for (String token : tokens) {
            reservations.add(await().atMost(SOON)
                    .until(() -> api.admitted(token), Optional::isPresent)
                    .orElseThrow());
        }

        assertThat(reservations).doesNotHaveDuplicates();
        await().atMost(SOON) // another pod's snapshot is about 100 ms old
                .untilAsserted(() -> assertThat(api.status(last).text("status")).isEqualTo("admitted"));
        var jwt = SignedJWT.parse(reservations.getLast());
        var repeated = SignedJWT.parse(api.admit(last).text("reservation_token"));
        assertThat(repeated.getJWTClaimsSet()).isEqualTo(jwt.getJWTClaimsSet());
        var key = api.jwks().getKeyByKeyId(jwt.getHeader().getKeyID());
        assertThat(jwt.verify(new ECDSAVerifier(key.toECKey()))).isTrue();
        assertThat(jwt.getJWTClaimsSet().getAudience()).containsExactly(EVENT);
    }

    @Test
    void servesClientsInTheClusterByServiceName() {
        namespace.apply("""
                apiVersion: v1
                kind: Pod
                metadata: {name: visitor}
                spec:
                  restartPolicy: Never
                  securityContext: {runAsNonRoot: true, runAsUser: 65532, seccompProfile: {type: RuntimeDefault}}
                  containers:
                    - name: visitor
                      image: %s
                      imagePullPolicy: IfNotPresent
                      command: [busybox, wget, -qO-, "http://default-gateway.%s.svc.cluster.local/version"]
                      securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
                """.formatted(cluster.busyboxImage(), namespace.name()));

        await().atMost(SOON)
                .until(() -> namespace
                        .kubectl("get", "pod", "visitor", "-o", "jsonpath={.status.phase}")
                        .equals("Succeeded"));

        assertThat(namespace.kubectl("logs", "visitor")).contains("\"version\"");
    }

    @Test
    void appliesAChangedRate() {
        namespace.apply(Manifests.room("slow", "admission: {rate: 1, periodSeconds: 3600, burst: 1}"));
        namespace.awaitRoom("slow");
        List<String> tokens = Line.join(api, "slow", 20).tokens();
        String first = tokens.getFirst();
        String second = tokens.get(1);
        await().atMost(SOON).until(() -> api.admitted(first).isPresent());
        Answer refused = api.admit(second);

        namespace.kubectl(
                "patch",
                "wr",
                "slow",
                "--type=merge",
                "-p",
                "{\"spec\": {\"admission\": {\"rate\": 1000, \"periodSeconds\": 1, \"burst\": 100}}}");

        assertThat(refused.status()).isIn(403, 409);
        await().atMost(SOON).until(() -> api.admitted(second).isPresent());
        namespace.awaitRoom("slow");
        assertThat(namespace.kubectl("get", "wr", "slow", "-o", "jsonpath={.status.policy.rate}"))
                .isEqualTo("1000/s");
    }

    @Test
    void showsTheNumberOfWaitingVisitors() {
        namespace.apply(Manifests.room("shown", "admission: {rate: 1, periodSeconds: 3600, burst: 1}"));
        namespace.awaitRoom("shown");

        Line.join(api, "shown", 7);

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(namespace.kubectl("get", "wr", "shown", "--no-headers"))
                        .matches("(?s)shown +Open +1/3600s +1 +7 +.*"));
    }

    @Test
    void closesADeletedRoomOnEveryPod() {
        namespace.apply(Manifests.room("brief", "admission: {rate: 1, burst: 1}"));
        namespace.awaitRoom("brief");
        List<String> tokens = Line.join(api, "brief", 6).tokens();

        namespace.kubectl("delete", "wr", "brief", "--timeout=120s");

        var told = new HashSet<String>();
        // Sooner than the minute for which gateways keep a room whose list was lost. Asked often, since pods answer in
        // turn.
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            List<String> now = IntStream.range(0, 4)
                    .boxed()
                    .flatMap(i -> tokens.stream())
                    .map(token -> api.status(token).text("status"))
                    .toList();
            told.addAll(now);
            return Set.copyOf(now).equals(Set.of("closed"));
        });
        assertThat(told).isSubsetOf("waiting", "closed");
        assertThat(api.admit(tokens.getFirst()).status()).isEqualTo(410);
        assertThat(api.join("brief", "late").status()).isEqualTo(404);
    }

    @Test
    void saysWhatToDoAboutATakenEventId() {
        namespace.apply(Manifests.room("first", "admission: {rate: 1, burst: 1}", "eventId: shared"));
        namespace.awaitRoom("first");

        namespace.apply(Manifests.room("second", "admission: {rate: 1, burst: 1}", "eventId: shared"));

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(namespace.kubectl(
                                "get",
                                "wr",
                                "second",
                                "-o",
                                "jsonpath={.status.conditions[?(@.type==\"Ready\")].reason}"))
                        .isEqualTo("EventIdTaken"));
        assertThat(Ready.room(cluster.room(namespace.name(), "first").get())).isTrue();
    }
}
