package dev.waitingroom.e2e;

import static dev.waitingroom.e2e.Patience.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What the operator owns: foreign objects with our names, keys, deletions that visitors would notice, and tenants' rights. */
@OnCluster
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OwnershipIT {
    private static final String FOREIGN = """
            apiVersion: v1
            kind: Service
            metadata: {name: api-gateway}
            spec: {selector: {app: api}, ports: [{port: 80}]}
            ---
            apiVersion: v1
            kind: Secret
            metadata: {name: api-keys}
            stringData: {card-numbers: "4111"}
            ---
            apiVersion: v1
            kind: Secret
            metadata: {name: api-gateway-redis}
            stringData: {url: "postgres://mine"}
            ---
            apiVersion: policy/v1
            kind: PodDisruptionBudget
            metadata: {name: api-gateway}
            spec: {maxUnavailable: 0, selector: {matchLabels: {app: api}}}
            ---
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: api-gateway}
            spec: {podSelector: {matchLabels: {app: api}}, policyTypes: [Egress]}
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: api-gateway}
            spec:
              replicas: 0
              selector: {matchLabels: {app: api}}
              template:
                metadata: {labels: {app: api}}
                spec: {containers: [{name: api, image: api}]}
            """;
    private static final List<String> FOREIGN_OBJECTS = List.of(
            "service/api-gateway",
            "secret/api-keys",
            "secret/api-gateway-redis",
            "pdb/api-gateway",
            "netpol/api-gateway",
            "deployment/api-gateway");

    private final Cluster cluster;
    private final TestNamespace namespace;

    OwnershipIT(Cluster cluster) {
        this.cluster = cluster;
        namespace = cluster.namespace("ownership");
    }

    @AfterAll
    void close() {
        namespace.close();
    }

    @Test
    void foreignObjectsStayAndTheGatewaySaysWhatToDo() {
        namespace.apply(FOREIGN);
        List<String> before = foreign();

        namespace.apply(Manifests.gateway("api", "replicas: {min: 1, max: 1}"));
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(ready("api"))
                        .startsWith("False NameTaken")
                        .contains(
                                "Service api-gateway",
                                "Secret api-keys",
                                "Secret api-gateway-redis",
                                "PodDisruptionBudget api-gateway",
                                "NetworkPolicy api-gateway",
                                "Deployment api-gateway",
                                "Rename or delete"));
        assertThat(foreign()).isEqualTo(before);
        assertThat(cluster.pods(namespace.name(), "api")).isEmpty();

        namespace.kubectl("delete", "wrg", "api", "--timeout=120s");
        assertThat(foreign()).isEqualTo(before);

        namespace.apply(Manifests.gateway("api", "replicas: {min: 1, max: 1}"));
        await().atMost(SOON).until(() -> ready("api").startsWith("False NameTaken"));
        FOREIGN_OBJECTS.forEach(object -> namespace.kubectl("delete", object));
        namespace.awaitGateway("api", 1);
        namespace.kubectl("delete", "wrg", "api", "--timeout=120s");
    }

    @Test
    void deletedGatewayServesUntilItsLastRoomIsDeleted() {
        namespace.apply(Manifests.gateway("held", "replicas: {min: 1, max: 1}")
                + Manifests.room("queue", "mode: Hold", "admission: {rate: 1, burst: 1}", "gatewayRef: {name: held}"));
        namespace.awaitRoom("queue");
        namespace.awaitGateway("held", 1);
        Line line = Line.join(cluster.api(namespace.name(), "held"), "queue", 5);
        Set<String> pods = pods("held");

        namespace.kubectl("delete", "wrg", "held", "--wait=false");
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(condition("held", "DeletionHeld"))
                        .startsWith("True RoomsRemain")
                        .contains("queue"));

        line.assertNobodyMoved();
        assertThat(pods("held")).isEqualTo(pods);
        assertThat(ready("held")).startsWith("True Serving");
        namespace.kubectl("delete", "wr", "queue", "--timeout=120s");
        await().atMost(SOON)
                .until(() -> namespace
                        .kubectl("get", "wrg,deploy,secret", "-l=waitingroom.dev/gateway=held", "-o", "name")
                        .isBlank());
        assertThat(cluster.gateway(namespace.name(), "held").get()).isNull();
    }

    @Test
    void lostKeysAreReportedAndRestoredKeysAreUsed() {
        namespace.apply(Manifests.gateway("signing", "replicas: {min: 1, max: 1}")
                + Manifests.room(
                        "kept", "mode: Hold", "admission: {rate: 1, burst: 1}", "gatewayRef: {name: signing}"));
        namespace.awaitRoom("kept");
        namespace.awaitGateway("signing", 1);
        Line line = Line.join(cluster.api(namespace.name(), "signing"), "kept", 5);
        Secret backup = keys("signing");
        assertThat(backup.getMetadata().getLabels()).doesNotContainKey("app.kubernetes.io/instance");

        namespace.kubectl("delete", "secret", "signing-keys");
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(ready("signing"))
                        .startsWith("False KeysLost")
                        .contains("backup", "waitingroom.dev/accept-lost-keys="));
        assertThat(keys("signing")).isNull();
        line.assertNobodyMoved();

        cluster.client()
                .resource(new SecretBuilder(backup)
                        .editMetadata()
                        .withResourceVersion(null)
                        .withUid(null)
                        .endMetadata()
                        .build())
                .create();
        namespace.awaitGateway("signing", 1);
        namespace.awaitRoom("kept");
        line.assertNobodyMoved();
        namespace.kubectl("delete", "wr", "kept", "--timeout=120s");
        namespace.kubectl("delete", "wrg", "signing", "--timeout=120s");
    }

    @Test
    void deletingAllGatewaysKeepsTheRooms() {
        try (TestNamespace swept = cluster.namespace("ownership-swept")) {
            swept.apply(Manifests.room("stays", "admission: {rate: 1, burst: 1}", "gatewayRef: {name: none}"));

            swept.kubectl("delete", "all", "--all");

            assertThat(cluster.room(swept.name(), "stays").get().getMetadata().getDeletionTimestamp())
                    .isNull();
        }
    }

    @Test
    void tenantsWithTheUsualRolesCanManageRooms() {
        for (String role : List.of("view", "edit", "admin")) {
            namespace.kubectl("create", "serviceaccount", role);
            namespace.kubectl(
                    "create",
                    "rolebinding",
                    role,
                    "--clusterrole=" + role,
                    "--serviceaccount=" + namespace.name() + ":" + role);
        }
        for (String kind : List.of("waitingrooms.waitingroom.dev", "waitingroomgateways.waitingroom.dev")) {
            await().atMost(SOON).untilAsserted(() -> {
                assertThat(may("view", "list", kind)).isTrue();
                assertThat(may("view", "create", kind)).isFalse();
                assertThat(may("edit", "create", kind)).isTrue();
                assertThat(may("edit", "delete", kind)).isTrue();
                assertThat(may("admin", "patch", kind)).isTrue();
            });
        }
    }

    private boolean may(String who, String verb, String kind) {
        return cluster.kubectl()
                .attempt(
                        "",
                        "auth",
                        "can-i",
                        verb,
                        kind,
                        "-n",
                        namespace.name(),
                        "--as=system:serviceaccount:" + namespace.name() + ":" + who)
                .succeeded();
    }

    private Secret keys(String gateway) {
        return cluster.client()
                .secrets()
                .inNamespace(namespace.name())
                .withName(gateway + "-keys")
                .get();
    }

    private Set<String> pods(String gateway) {
        return cluster.pods(namespace.name(), gateway).stream()
                .map((Pod pod) -> pod.getMetadata().getName())
                .collect(Collectors.toSet());
    }

    /** Spec, data, labels and owners: everything that Kubernetes' controllers do not write. */
    private List<String> foreign() {
        return FOREIGN_OBJECTS.stream()
                .map(object -> namespace.kubectl(
                        "get",
                        object,
                        "-o",
                        "jsonpath={.metadata.uid} {.metadata.labels} {.metadata.ownerReferences} {.spec} {.data}"))
                .toList();
    }

    private String ready(String gateway) {
        return condition(gateway, "Ready");
    }

    private String condition(String gateway, String type) {
        return namespace.kubectl(
                "get",
                "wrg",
                gateway,
                "-o",
                "jsonpath={range .status.conditions[?(@.type=='" + type + "')]}{.status} {.reason}: {.message}");
    }
}
