package dev.waitingroom.e2e;

import static dev.waitingroom.e2e.Patience.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jwt.SignedJWT;
import java.text.ParseException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Many events on one gateway, applied at once, as a ticket shop does. */
@OnCluster
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ManyRoomsIT {
    private static final int ROOMS = 50;

    private final Cluster cluster;
    private final TestNamespace namespace;

    ManyRoomsIT(Cluster cluster) {
        this.cluster = cluster;
        namespace = cluster.namespace("rooms");
    }

    @BeforeAll
    void apply() {
        namespace.apply(Manifests.gateway("shop", "replicas: {min: 1, max: 2}")
                + names().stream()
                        .map(name -> Manifests.room(name, "admission: {rate: 1, burst: 1}", "gatewayRef: {name: shop}"))
                        .collect(Collectors.joining()));
    }

    @AfterAll
    void close() {
        namespace.close();
    }

    @Test
    void oneGatewayServesAllRooms() throws ParseException {
        namespace.kubectl("wait", "wr", "--all", "--for=condition=Ready", "--timeout=240s");
        GatewayApi api = cluster.api(namespace.name(), "shop");

        for (String event : names()) {
            String token = Line.join(api, event, 1).tokens().getFirst();
            String reservation = await().atMost(SOON)
                    .until(() -> api.admit(token), admitted -> admitted.status() == 200)
                    .text("reservation_token");
            assertThat(SignedJWT.parse(reservation).getJWTClaimsSet().getAudience())
                    .containsExactly(event);
        }

        await().atMost(SOON).untilAsserted(() -> {
            assertThat(cluster.gateway(namespace.name(), "shop")
                            .get()
                            .statusOrNone()
                            .rooms())
                    .isEqualTo(ROOMS);
            assertThat(namespace.kubectl("get", "wr", "-o", "jsonpath={.items[*].status.admittedTotal}"))
                    .matches("1( 1){" + (ROOMS - 1) + "}");
        });
    }

    private static List<String> names() {
        return IntStream.rangeClosed(1, ROOMS).mapToObj(i -> "event-" + i).toList();
    }
}
