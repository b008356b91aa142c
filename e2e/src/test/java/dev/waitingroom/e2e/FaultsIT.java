package dev.waitingroom.e2e;

import static dev.waitingroom.e2e.Patience.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.waitingroom.api.v1alpha1.Condition;
import dev.waitingroom.e2e.GatewayApi.Answer;
import dev.waitingroom.e2e.Kubectl.Outcome;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.readiness.Readiness;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * One line of visitors in a room that admits nobody, and everything that can happen to the pods around it. Each visitor keeps the position of
 * the join. The gateway has its own Redis, which stores nothing on disk.
 */
@OnCluster
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FaultsIT {
    private static final String GATEWAY = "steady";
    private static final int PODS = 2;
    private static final int VISITORS = 60;

    private final Cluster cluster;
    private final TestNamespace namespace;
    private final GatewayApi api;
    private Line line;

    FaultsIT(Cluster cluster) {
        this.cluster = cluster;
        namespace = cluster.namespace("faults");
        api = cluster.api(namespace.name(), GATEWAY);
        line = new Line(api, List.of());
    }

    @BeforeAll
    void letVisitorsWait() throws IOException {
        namespace.apply(Files.readString(Path.of("redis.yaml")).replace("IMAGE", cluster.redisImage()));
        namespace.kubectl(
                "create",
                "secret",
                "generic",
                "own-redis",
                "--from-literal=url=redis://redis." + namespace.name() + ".svc:6379");
        namespace.kubectl("rollout", "status", "deployment/redis", "--timeout=120s");
        namespace.apply(
                Manifests.gateway(GATEWAY, "replicas: {min: 2, max: 2}", "redis: {secretRef: {name: own-redis}}"));
        namespace.apply(Manifests.room(
                "held",
                "mode: Hold",
                "admission: {rate: 1, burst: 1000}",
                "waiting: {ttlSeconds: 3600}",
                "gatewayRef: {name: steady}"));
        namespace.awaitRoom("held");
        namespace.awaitGateway(GATEWAY, PODS);
        line = Line.join(api, "held", VISITORS);
        await().atMost(SOON).untilAsserted(line::assertNobodyMoved); // each pod knows all joins
    }

    @AfterAll
    void close() {
        namespace.close();
    }

    @BeforeEach
    void awaitAllIsWell() {
        namespace.awaitGateway(GATEWAY, PODS);
        namespace.awaitRoom("held");
    }

    @Test
    void killedGatewayProcessRestartsInItsPod() {
        String pod = anyPod();
        try (TestNamespace node = cluster.privilegedNamespace("faults-node");
                var polling = new Polling(line, 20)) {
            node.apply(killer(pod));

            await().atMost(SOON).until(() -> restarts(pod) == 1);
            namespace.awaitGateway(GATEWAY, PODS);

            line.assertNobodyMoved();
            assertThat(polling.misplaced()).isEmpty();
        }
    }

    @Test
    void forceDeletedPodIsReplaced() {
        String pod = anyPod();
        try (var polling = new Polling(line, 20)) {
            namespace.kubectl("delete", "pod", pod, "--force", "--grace-period=0");
            namespace.awaitGateway(GATEWAY, PODS);

            line.assertNobodyMoved();
            assertThat(polling.misplaced()).isEmpty();
            assertThat(podNames()).doesNotContain(pod);
        }
    }

    @Test
    void drainEvictsOnePodAtATimeAndVisitorsNoticeNothing() {
        List<String> pods = List.copyOf(podNames());
        try (var polling = new Polling(line, 20)) {
            Outcome first = evict(pods.get(0));
            Outcome second = evict(pods.get(1));
            await().atMost(SOON).until(() -> evict(pods.get(1)).succeeded());
            namespace.awaitGateway(GATEWAY, PODS);

            line.assertNobodyMoved();
            assertThat(polling.misplaced()).isEmpty();
            assertThat(polling.unanswered()).isEmpty();
            assertThat(podNames()).doesNotContainAnyElementsOf(pods);
            assertThat(first.succeeded()).isTrue();
            assertThat(second.err()).contains("disruption budget");
        }
    }

    @Test
    void specChangeRollsOutAndVisitorsNoticeNothing() {
        Set<String> pods = podNames();
        try (var polling = new Polling(line, 20)) {
            namespace.kubectl("patch", "wrg", GATEWAY, "--type=merge", "-p", "{\"spec\": {\"logLevel\": \"debug\"}}");
            await().atMost(SOON).until(() -> !podNames().equals(pods));
            namespace.awaitGateway(GATEWAY, PODS);

            line.assertNobodyMoved();
            assertThat(polling.misplaced()).isEmpty();
            assertThat(polling.unanswered()).isEmpty();
            assertThat(podNames()).doesNotContainAnyElementsOf(pods);
        }
    }

    @Test
    void operatorRestartChangesNothing() {
        namespace.awaitQuiet(Duration.ofSeconds(5)); // the status has the figures of the last test
        var before = Versions.of(cluster, namespace.name());
        Set<String> operators = names(cluster.operatorPods());

        cluster.kubectl()
                .run("delete", "pod", "-n", cluster.operatorNamespace(), "-l", "app.kubernetes.io/component=operator");
        await().atMost(SOON)
                .until(() -> cluster.operatorPods().stream().anyMatch(FaultsIT::isReady)
                        && !operators.containsAll(names(cluster.operatorPods())));
        // It certainly runs once it restores something.
        namespace.kubectl("label", "service", GATEWAY + "-gateway", "app.kubernetes.io/part-of-");
        await().atMost(SOON)
                .until(() -> namespace
                        .kubectl("get", "service", GATEWAY + "-gateway", "-o", "jsonpath={.metadata.labels}")
                        .contains("app.kubernetes.io/part-of"));

        assertThat(Versions.of(cluster, namespace.name()).without("Service"))
                .as(() -> "the room is now "
                        + cluster.room(namespace.name(), "held").get().statusOrNone())
                .isEqualTo(before.without("Service"));
        line.assertNobodyMoved();
    }

    @Test
    void emptyRedisAfterAnOutageCostsNoPlace() throws InterruptedException {
        try (var polling = new Polling(line, 20)) {
            namespace.kubectl("scale", "deployment", "redis", "--replicas=0");
            await().atMost(SOON).untilAsserted(() -> {
                assertThat(gatewayCondition("RedisReachable").reason()).isEqualTo("RedisUnreachable");
                assertThat(gatewayCondition("Ready").reason()).isEqualTo("RedisUnreachable");
                assertThat(roomCondition("Ready").reason()).isEqualTo("RedisUnreachable");
                assertThat(roomCondition("Ready").message()).contains("Visitors keep their places");
            });
            Answer refused = api.joinOnce("held", "late");
            line.assertNobodyMoved();

            namespace.kubectl("scale", "deployment", "redis", "--replicas=1");
            namespace.awaitRoom("held");
            namespace.awaitGateway(GATEWAY, PODS);
            await().atMost(SOON).until(() -> api.join("held", "late").status() == 202);

            line.assertNobodyMoved();
            assertThat(polling.misplaced()).isEmpty();
            assertThat(polling.unanswered()).isEmpty();
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.text("code")).isEqualTo("UNAVAILABLE");
            assertThat(namespace.kubectl("get", "events", "--field-selector", "involvedObject.name=held"))
                    .contains("RedisUnreachable", "PutBackIntoRedis");
        }
    }

    @Test
    @Order(Order.DEFAULT + 1)
    void visitorsAreThenAdmittedInOrder() {
        namespace.kubectl("patch", "wr", "held", "--type=merge", "-p", "{\"spec\": {\"mode\": \"Queue\"}}");
        namespace.awaitRoom("held");

        List<String> reservations = line.tokens().stream()
                .map(token -> await().atMost(SOON).until(() -> api.admit(token), admitted -> admitted.status() == 200))
                .map(admitted -> admitted.text("reservation_token"))
                .toList();

        assertThat(reservations).doesNotHaveDuplicates();
    }

    private String anyPod() {
        return podNames().iterator().next();
    }

    private Set<String> podNames() {
        return names(cluster.pods(namespace.name(), GATEWAY));
    }

    private static Set<String> names(List<Pod> pods) {
        return pods.stream().map(pod -> pod.getMetadata().getName()).collect(Collectors.toSet());
    }

    private static boolean isReady(Pod pod) {
        return Readiness.isPodReady(pod);
    }

    private int restarts(String pod) {
        return cluster.client()
                .pods()
                .inNamespace(namespace.name())
                .withName(pod)
                .get()
                .getStatus()
                .getContainerStatuses()
                .getFirst()
                .getRestartCount();
    }

    /** As `kubectl drain` does. */
    private Outcome evict(String pod) {
        return cluster.kubectl()
                .attempt(
                        """
                        {"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": "%s"}}""".formatted(pod),
                        "create",
                        "--raw",
                        "/api/v1/namespaces/" + namespace.name() + "/pods/" + pod + "/eviction",
                        "-f",
                        "-");
    }

    private Condition gatewayCondition(String type) {
        return condition(
                type,
                cluster.gateway(namespace.name(), GATEWAY).get().statusOrNone().conditions());
    }

    private Condition roomCondition(String type) {
        return condition(
                type,
                cluster.room(namespace.name(), "held").get().statusOrNone().conditions());
    }

    private static Condition condition(String type, List<Condition> conditions) {
        return conditions.stream()
                .filter(condition -> condition.type().equals(type))
                .findFirst()
                .orElseThrow();
    }

    /** Sends SIGKILL to the process of a pod, from the node. */
    private String killer(String pod) {
        return """
                apiVersion: v1
                kind: Pod
                metadata: {name: killer}
                spec:
                  restartPolicy: Never
                  hostPID: true
                  containers:
                    - name: killer
                      image: %s
                      imagePullPolicy: IfNotPresent
                      securityContext: {privileged: true, runAsUser: 0}
                      command:
                        - busybox
                        - sh
                        - -c
                        - |
                          for process in /proc/[0-9]*; do
                            if busybox tr '\\0' '\\n' < $process/environ | busybox grep -qx POD_NAME=%s; then
                              kill -9 ${process#/proc/}
                            fi
                          done
                """.formatted(cluster.busyboxImage(), pod);
    }
}
