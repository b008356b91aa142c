package dev.waitingroom.e2e;

import static dev.waitingroom.e2e.Patience.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.waitingroom.api.v1alpha1.WaitingRoomGateway;
import dev.waitingroom.e2e.Kubectl.Outcome;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The objects of a gateway, when others write to them: people with kubectl, autoscalers, Kubernetes' controllers. */
@OnCluster
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ObjectsIT {
    private static final String GATEWAY = "small";
    private static final String WORKLOAD = GATEWAY + "-gateway";

    /** Longer than the longest interval between two reconciliations. */
    private static final Duration QUIET = Duration.ofSeconds(20);

    private final Cluster cluster;
    private final TestNamespace namespace;

    ObjectsIT(Cluster cluster) {
        this.cluster = cluster;
        namespace = cluster.namespace("objects");
    }

    @BeforeAll
    void apply() {
        namespace.apply(Manifests.gateway(GATEWAY, "replicas: {min: 1, max: 2}")
                + Manifests.room("hall", "admission: {rate: 1, burst: 1}", "gatewayRef: {name: small}"));
        namespace.awaitRoom("hall");
        namespace.awaitGateway(GATEWAY, 1);
    }

    @AfterAll
    void close() {
        namespace.close();
    }

    @Test
    void idleObjectsAreNotWritten() {
        namespace.awaitQuiet(QUIET);
    }

    @Test
    void fieldsOfOtherManagersStay() {
        for (String object : new String[] {"deployment", "service"}) {
            namespace.kubectl("label", object, WORKLOAD, "team=tickets", "--field-manager=people");
            namespace.kubectl("annotate", object, WORKLOAD, "cost-centre=42", "--field-manager=people");
        }
        long generation = generation();

        patchGateway("{\"spec\": {\"drainSeconds\": 6, \"service\": {\"type\": \"NodePort\"}}}");
        await().atMost(SOON).until(() -> generation() > generation && deploymentTakesSecondsToEnd(16));
        namespace.awaitGateway(GATEWAY, 1);

        assertThat(get("service", "{.spec.type}")).isEqualTo("NodePort");
        for (String object : new String[] {"deployment", "service"}) {
            assertThat(get(object, "{.metadata.labels.team} {.metadata.annotations.cost-centre}"))
                    .isEqualTo("tickets 42");
        }
        namespace.awaitQuiet(Duration.ofSeconds(5));
    }

    @Test
    void ownedFieldsAreRestored() {
        namespace.kubectl("patch", "service", WORKLOAD, "--type=json", "-p", """
                [{"op": "replace", "path": "/spec/ports/0/appProtocol", "value": "h2c"}]""");
        namespace.kubectl("patch", "deployment", WORKLOAD, "--type=merge", "-p", """
                {"metadata": {"labels": {"app.kubernetes.io/part-of": "shop"}}, "spec": {"revisionHistoryLimit": 9}}""");
        namespace.kubectl("delete", "pdb", WORKLOAD);

        await().atMost(SOON).untilAsserted(() -> {
            assertThat(get("service", "{.spec.ports[0].appProtocol}")).isEqualTo("http");
            assertThat(get("deployment", "{.spec.revisionHistoryLimit}")).isEqualTo("3");
            assertThat(get("deployment", "{.metadata.labels['app\\.kubernetes\\.io/part-of']}"))
                    .isEqualTo("waitingroom");
            assertThat(get("pdb", "{.spec.maxUnavailable}")).isEqualTo("1");
        });
        namespace.awaitQuiet(Duration.ofSeconds(5));
    }

    @Test
    void kubectlScaleSetsTheReplicas() {
        namespace.kubectl("scale", "wrg", GATEWAY, "--replicas=2");

        namespace.awaitGateway(GATEWAY, 2);
        assertThat(namespace.kubectl("get", "wrg", GATEWAY, "-o", "jsonpath={.spec.replicas.min}"))
                .isEqualTo("2");
        assertThat(cluster.kubectl()
                        .run(
                                "get",
                                "--raw",
                                "/apis/waitingroom.dev/v1alpha1/namespaces/" + namespace.name()
                                        + "/waitingroomgateways/" + GATEWAY + "/scale"))
                .contains("\"spec\":{\"replicas\":2}", "\"replicas\":2,\"selector\":\"app.kubernetes.io/name=");
        Outcome tooMany =
                cluster.kubectl().attempt("", "scale", "wrg", GATEWAY, "--replicas=3", "-n", namespace.name());
        assertThat(tooMany.err()).contains("replicas.min must not be greater than replicas.max");

        namespace.kubectl("scale", "wrg", GATEWAY, "--replicas=1");
        patchGateway("{\"spec\": {\"scaling\": {\"scaleDownAfterSeconds\": 1}}}");
        namespace.awaitGateway(GATEWAY, 1);
    }

    @Test
    void onlyTheOperatorWritesStatus() {
        namespace.awaitGateway(GATEWAY, 1);
        await().atMost(SOON)
                .until(() -> namespace
                        .kubectl("get", "wr", "hall", "-o", "jsonpath={.status.phase}")
                        .equals("Open"));

        namespace.kubectl("patch", "wr", "hall", "--type=merge", "-p", "{\"status\": {\"phase\": \"OnHold\"}}");
        patchGateway("{\"status\": {\"rooms\": 77}}");

        assertThat(namespace.kubectl("get", "wr", "hall", "-o", "jsonpath={.status.phase}"))
                .isEqualTo("Open");
        assertThat(gateway().statusOrNone().rooms()).isEqualTo(1);
    }

    @Test
    void gatewayPodsHaveNoApiToken() {
        assertThat(cluster.pods(namespace.name(), GATEWAY))
                .isNotEmpty()
                .allSatisfy(pod -> assertThat(pod.getSpec().getVolumes())
                        .allSatisfy(volume -> assertThat(volume.getProjected()).isNull()));
    }

    @Test
    void deletingAGatewayDeletesItsObjects() {
        namespace.apply(Manifests.gateway("brief", "replicas: {min: 1, max: 1}"));
        namespace.awaitGateway("brief", 1);
        String selector = "-l=waitingroom.dev/gateway=brief";
        assertThat(namespace
                        .kubectl("get", "deploy,svc,pdb,netpol,secret,pod", selector, "-o", "name")
                        .lines())
                .hasSize(7);

        namespace.kubectl("delete", "wrg", "brief", "--timeout=120s");

        await().atMost(SOON)
                .until(() -> namespace
                        .kubectl("get", "deploy,rs,svc,pdb,netpol,secret,pod", selector, "-o", "name")
                        .isBlank());
    }

    @Test
    void keySecretOutlivesItsGatewayWhileRoomsExist() {
        namespace.apply(Manifests.gateway("again", "replicas: {min: 1, max: 1}")
                + Manifests.room("kept", "mode: Hold", "admission: {rate: 1, burst: 1}", "gatewayRef: {name: again}"));
        namespace.awaitRoom("kept");
        Line line = Line.join(cluster.api(namespace.name(), "again"), "kept", 5);

        // The finalizer stays while the room exists; a person may remove it.
        namespace.kubectl("delete", "wrg", "again", "--wait=false");
        namespace.kubectl("patch", "wrg", "again", "--type=merge", "-p", "{\"metadata\": {\"finalizers\": []}}");
        await().atMost(SOON)
                .until(() -> namespace
                        .kubectl("get", "wr", "kept", "-o", "jsonpath={.status.conditions[?(@.type=='Ready')].reason}")
                        .equals("GatewayMissing"));
        namespace.apply(Manifests.gateway("again", "replicas: {min: 1, max: 1}"));
        namespace.awaitGateway("again", 1);
        namespace.awaitRoom("kept");

        line.assertNobodyMoved();
        namespace.kubectl("delete", "wr", "kept", "--timeout=120s");
        namespace.kubectl("delete", "wrg", "again", "--timeout=120s");
        await().atMost(SOON)
                .until(() -> namespace
                        .kubectl("get", "secret", "-l=waitingroom.dev/gateway=again", "-o", "name")
                        .isBlank());
    }

    @Test
    void lostKeyEntryIsCreatedAgain() {
        namespace.kubectl("patch", "secret", GATEWAY + "-keys", "--type=json", "-p", """
                [{"op": "remove", "path": "/data/reservation-keys.json"}]""");

        await().atMost(SOON)
                .until(() -> !namespace
                        .kubectl("get", "secret", GATEWAY + "-keys", "-o", "jsonpath={.data.reservation-keys\\.json}")
                        .isEmpty());
    }

    @Test
    void refusedObjectsAreReportedInStatus() {
        namespace.apply(
                Manifests.greedyGateway("impossible", "resources: {requests: {cpu: \"2\"}, limits: {cpu: \"1\"}}"));

        await().atMost(SOON)
                .untilAsserted(
                        () -> assertThat(
                                        namespace.kubectl(
                                                "get",
                                                "wrg",
                                                "impossible",
                                                "-o",
                                                "jsonpath={range .status.conditions[?(@.type=='Ready')]}{.status} {.reason}: {.message}"))
                                .matches(
                                        "False ObjectRefused: Deployment impossible-gateway .*less than or equal to cpu limit.*"));
        namespace.kubectl("delete", "wrg", "impossible", "--timeout=120s");
    }

    private long generation() {
        return Long.parseLong(get("deployment", "{.metadata.generation}"));
    }

    private boolean deploymentTakesSecondsToEnd(int seconds) {
        return get("deployment", "{.spec.template.spec.terminationGracePeriodSeconds}")
                .equals("" + seconds);
    }

    private String get(String object, String path) {
        return namespace.kubectl("get", object, WORKLOAD, "-o", "jsonpath=" + path);
    }

    private void patchGateway(String patch) {
        namespace.kubectl("patch", "wrg", GATEWAY, "--type=merge", "-p", patch);
    }

    private WaitingRoomGateway gateway() {
        return cluster.gateway(namespace.name(), GATEWAY).get();
    }
}
