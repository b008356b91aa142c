package dev.waitingroom.e2e;

import static dev.waitingroom.e2e.Patience.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A gateway that scales with demand. Its pods have a low target load, so a test can produce the demand. */
@OnCluster
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ScalingIT {
    private static final String GATEWAY = "elastic";
    private static final int VISITORS = 40;

    private final Cluster cluster;
    private final TestNamespace namespace;

    ScalingIT(Cluster cluster) {
        this.cluster = cluster;
        namespace = cluster.namespace("scaling");
    }

    @BeforeAll
    void apply() {
        namespace.apply(Manifests.gateway(
                        GATEWAY,
                        "replicas: {min: 1, max: 3}",
                        "scaling: {targetRequestsPerSecond: 15, scaleDownAfterSeconds: 5}")
                + Manifests.room(
                        "held",
                        "mode: Hold",
                        "admission: {rate: 1, burst: 1}",
                        "waiting: {ttlSeconds: 3600}",
                        "gatewayRef: {name: elastic}"));
        namespace.awaitRoom("held");
        namespace.awaitGateway(GATEWAY, 1);
    }

    @AfterAll
    void close() {
        namespace.close();
    }

    @Test
    void scalesUpAndDownWithDemandAndVisitorsNoticeNothing() {
        Line line = Line.join(cluster.api(namespace.name(), GATEWAY), "held", VISITORS);
        await().atMost(SOON).untilAsserted(line::assertNobodyMoved);

        try (var crowd = new Polling(line, 60)) {
            namespace.awaitGateway(GATEWAY, 3);
            assertThat(crowd.misplaced()).isEmpty();
            assertThat(crowd.unanswered()).isEmpty();
        }
        line.assertNobodyMoved();
        try (var few = new Polling(line, 5)) {
            namespace.awaitGateway(GATEWAY, 1);
            assertThat(few.misplaced()).isEmpty();
            assertThat(few.unanswered()).isEmpty();
        }

        line.assertNobodyMoved();
        assertThat(namespace.kubectl("get", "events", "--field-selector", "involvedObject.name=" + GATEWAY))
                .contains("ScaledUp", "ScaledDown");
    }
}
