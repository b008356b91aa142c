package dev.waitingroom.e2e;

import static dev.waitingroom.e2e.Patience.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.parallel.Isolated;

/** What kubectl shows when a person starts a room, changes it, stops its pods, or makes a mistake in its gateway. */
@OnCluster
@Isolated("a pod of the operator is stopped, and what warns of nothing on an idle node may warn on a busy one")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StatusIT {
    private static final String READY =
            "jsonpath={range .status.conditions[?(@.type=='Ready')]}{.status} {.reason}: {.message}{end}";
    private static final String HOLD =
            "[{\"op\": \"add\", \"path\": \"/metadata/finalizers\", \"value\": [\"e2e.example/hold\"]}]";
    private static final String LET_GO = "[{\"op\": \"remove\", \"path\": \"/metadata/finalizers\"}]";

    private final Cluster cluster;
    private final TestNamespace namespace;

    StatusIT(Cluster cluster) {
        this.cluster = cluster;
        namespace = cluster.namespace("status");
    }

    @BeforeAll
    void start() {
        namespace.apply(Manifests.gateway("seen", "replicas: {min: 1, max: 1}"));
        namespace.apply(Manifests.room("hall", "admission: {rate: 10, burst: 100}", "gatewayRef: {name: seen}"));
        namespace.awaitRoom("hall");
        namespace.awaitGateway("seen", 1);
    }

    @AfterAll
    void close() {
        namespace.close();
    }

    @Test
    void normalFirstStartHasNoWarnings() {
        for (String object : List.of("hall", "seen")) {
            assertThat(namespace.kubectl(
                            "get",
                            "events",
                            "--field-selector=type=Warning,involvedObject.name=" + object,
                            "-o",
                            "jsonpath={range .items[*]}{.reason}: {.message}{\"\\n\"}{end}"))
                    .isEmpty();
        }
        String pod =
                cluster.pods(namespace.name(), "seen").getFirst().getMetadata().getName();
        assertThat(namespace.kubectl("logs", pod)).doesNotContain("\tat ", "WARN", "ERROR");
    }

    @Test
    void policyChangeIsAnEventAndHoldIsShown() {
        namespace.apply(Manifests.room("changed", "admission: {rate: 10, burst: 100}", "gatewayRef: {name: seen}"));
        namespace.awaitRoom("changed");

        namespace.kubectl(
                "patch",
                "wr",
                "changed",
                "--type=merge",
                "-p",
                "{\"spec\": {\"mode\": \"Hold\", \"admission\": {\"rate\": 5}}}");

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(namespace.kubectl("describe", "wr", "changed"))
                        .contains("PolicyChanged", "rate from 10/s to 5/s, mode from Queue to Hold (generation 2)"));
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(namespace.kubectl("get", "wr", "changed", "--no-headers"))
                        .matches("(?s)changed +OnHold +5/s +100 .*"));
        assertThat(namespace.kubectl("get", "wr", "changed").lines())
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(100));
        assertThat(namespace.kubectl("get", "wrg", "seen", "--no-headers")).matches("(?s)seen +\\d+ +1/1 +Serving .*");
    }

    @Test
    void waitColumnAgreesWithTheApi() {
        namespace.apply(Manifests.room("calm", "admission: {rate: 1, burst: 1000}", "gatewayRef: {name: seen}"));
        namespace.awaitRoom("calm");

        Line line = Line.join(cluster.api(namespace.name(), "seen"), "calm", 51);

        await().atMost(SOON)
                .untilAsserted(
                        () -> assertThat(namespace.kubectl("get", "wr", "calm", "-o", "jsonpath={.status.waiting}"))
                                .isEqualTo("51"));
        assertThat(namespace.kubectl("get", "wr", "calm", "-o", "jsonpath={.status.estimatedWaitSeconds}"))
                .isEqualTo("" + line.api().status(line.tokens().getLast()).number("eta_sec"))
                .isEqualTo("0");
    }

    @Test
    void unschedulablePodsAreReported() {
        namespace.apply(Manifests.greedyGateway("huge", "resources: {requests: {cpu: \"500\"}}"));

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(namespace.kubectl("get", "wrg", "huge", "--no-headers"))
                        .matches("(?s)huge +.*0/2 +PodUnschedulable .*"));
        awaitReady("huge", "False PodUnschedulable: Pod huge-gateway-.* finds no node: .*Insufficient cpu.*");
    }

    @Test
    void lastLogLinesOfAFailedProcessAreInTheStatus() {
        String image = cluster.operatorPods()
                .getFirst()
                .getSpec()
                .getContainers()
                .getFirst()
                .getImage();

        namespace.apply(Manifests.gateway("ending", "image: " + image));

        awaitReady(
                "ending",
                "False PodCrashing: Pod ending-gateway-.* ended with exit code 2: waitingroom-operator: .* is not set.*");
    }

    @Test
    void imagePullFailureIsReported() {
        namespace.apply(Manifests.gateway("unpulled", "image: 127.0.0.1:9/none:1"));

        awaitReady("unpulled", "False ImageUnavailable: Pod unpulled-gateway-.* cannot start: .*Correct spec.image.*");
    }

    @Test
    void wrongRedisPasswordIsReported() {
        namespace.kubectl(
                "create",
                "secret",
                "generic",
                "wrong",
                "--from-literal=url=redis://redis." + cluster.operatorNamespace() + ".svc:6379",
                "--from-literal=username=nobody",
                "--from-literal=password=wrong");

        namespace.apply(Manifests.gateway("stranger", "redis: {secretRef: {name: wrong}}"));

        awaitReady("stranger", "False RedisUnreachable: .*WRONGPASS.*");
    }

    @Test
    void operatorsRedisCredentialsGoWithTheLastGatewayThatUsesThem() {
        namespace.apply(Manifests.gateway("moved", "replicas: {min: 1, max: 1}"));
        await().atMost(SOON)
                .until(() -> namespace
                        .kubectl("get", "secret", "moved-gateway-redis", "--ignore-not-found", "-o", "name")
                        .startsWith("secret/"));
        namespace.kubectl(
                "create",
                "secret",
                "generic",
                "own",
                "--from-literal=url=redis://redis." + cluster.operatorNamespace() + ".svc:6379");

        namespace.apply(Manifests.gateway("moved", "replicas: {min: 1, max: 1}", "redis: {secretRef: {name: own}}"));

        await().atMost(SOON)
                .until(() -> namespace
                        .kubectl("get", "secret", "moved-gateway-redis", "--ignore-not-found", "-o", "name")
                        .isBlank());
        namespace.awaitGateway("moved", 1);
    }

    @Test
    void stoppedPodsAreNotReportedAsFailed() {
        namespace.apply(Manifests.gateway("stopped", "replicas: {min: 1, max: 1}", "drainSeconds: 0"));
        namespace.awaitGateway("stopped", 1);
        for (Map.Entry<String, String> pod : Map.of(
                        namespace.name(),
                        cluster.pods(namespace.name(), "stopped")
                                .getFirst()
                                .getMetadata()
                                .getName(),
                        cluster.operatorNamespace(),
                        cluster.operatorPods().getFirst().getMetadata().getName())
                .entrySet()) {
            patchPod(pod, HOLD);

            cluster.kubectl().run("delete", "pod", pod.getValue(), "-n", pod.getKey(), "--wait=false");

            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(cluster.kubectl()
                                    .run(
                                            "get",
                                            "pod",
                                            pod.getValue(),
                                            "-n",
                                            pod.getKey(),
                                            "-o",
                                            "jsonpath={.status.containerStatuses[0].state.terminated.exitCode}"))
                            .isEqualTo("0"));
            patchPod(pod, LET_GO);
        }
    }

    private void patchPod(Map.Entry<String, String> pod, String patch) {
        cluster.kubectl().run("patch", "pod", pod.getValue(), "-n", pod.getKey(), "--type=json", "-p", patch);
    }

    private void awaitReady(String gateway, String pattern) {
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(namespace.kubectl("get", "wrg", gateway, "-o", READY))
                        .matches("(?s)" + pattern));
        namespace.kubectl("delete", "wrg", gateway, "--wait=false");
    }
}
