package dev.waitingroom.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A protected shop whose pods, and those of the gateway in front, are replaced while visitors are in it. */
@OnCluster
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProtectRolloutIT {
    /** So many without making the run of all tests longer; {@code -De2e.requests=10000} for more. */
    private static final int REQUESTS = Integer.getInteger("e2e.requests", 1_000);

    private static final int REQUESTS_PER_SECOND = 60;
    private static final int VISITORS = 20;
    private static final int PODS = 2;
    private static final String PAGE = "the seats of the shop";

    private final Cluster cluster;
    private final TestNamespace namespace;
    private final GatewayApi door;

    ProtectRolloutIT(Cluster cluster) {
        this.cluster = cluster;
        namespace = cluster.namespace("protect-rollout");
        door = cluster.api(namespace.name(), "door");
    }

    @BeforeAll
    void open() {
        namespace.apply(Manifests.shop(cluster.busyboxImage(), PAGE));
        namespace.apply(Manifests.gateway("door", "replicas: {min: 2, max: 2}"));
        namespace.apply(Manifests.room(
                "hall",
                "admission: {rate: 10, burst: 100}",
                "gatewayRef: {name: door}",
                "protect: {service: {name: shop, port: 8080}}"));
        namespace.kubectl("rollout", "status", "deployment/shop", "--timeout=180s");
        namespace.awaitRoom("hall");
        namespace.awaitGateway("door", PODS);
    }

    @AfterAll
    void close() {
        namespace.close();
    }

    @Test
    void rollingUpdatesFailNoRequestAndLetNobodyInWithoutAdmission() {
        List<String> cookies = new ArrayList<>();
        for (int i = 0; i < VISITORS; i++) {
            cookies.add(new PageForm(door, "hall").enter());
        }
        try (var browsing = new Browsing(door, cookies, PAGE, REQUESTS_PER_SECOND)) {
            do {
                replaceShop();
                new RollingUpdate(namespace, "door", PODS).run();
            } while (browsing.answered() < REQUESTS);

            assertThat(browsing.intrusions()).isEmpty();
            assertThat(browsing.failures()).isEmpty();
        }
    }

    private void replaceShop() {
        namespace.kubectl("rollout", "restart", "deployment/shop");
        namespace.kubectl("rollout", "status", "deployment/shop", "--timeout=180s");
    }
}
