package dev.waitingroom.e2e.route;

import static org.awaitility.Awaitility.await;

import dev.waitingroom.api.v1alpha1.AncestorStatus;
import dev.waitingroom.api.v1alpha1.Condition;
import dev.waitingroom.api.v1alpha1.WaitingRoom;
import dev.waitingroom.e2e.chart.Helm;
import dev.waitingroom.operator.OperatorProcess;
import dev.waitingroom.operator.OperatorSettings;
import dev.waitingroom.queue.redis.RedisSettings;
import dev.waitingroom.testkit.redis.RedisProcess;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The operator with the chart's rights on a real kube-apiserver, and a person who applies YAML by server-side apply. */
final class RouteSite implements AutoCloseable {
    /** The manager of the person's fields. */
    static final String PERSON = "person";

    private static final Duration SOON = Duration.ofMinutes(2);

    private final ApiServer server;
    private final RedisProcess redis = RedisProcess.start();
    private final KubernetesClient operatorClient;
    private final OperatorProcess operator;

    private RouteSite(ApiServer server, Helm helm) {
        this.server = server;
        operatorClient = server.client(ApiServer.OPERATOR);
        grant(helm);
        operator = OperatorProcess.start(
                new OperatorSettings(
                        Optional.of(RedisSettings.of(redis.url())),
                        Optional.empty(),
                        "gateway:test",
                        "ops",
                        "operator-1",
                        Set.of(),
                        false,
                        "127.0.0.1",
                        0),
                operatorClient);
    }

    static RouteSite start(Helm helm) throws IOException {
        return new RouteSite(ApiServer.start(), helm);
    }

    KubernetesClient admin() {
        return server.admin();
    }

    /** Creates a namespace with a gateway that trusts proxies. There is no controller that could delete it. */
    void namespace(String name) {
        var _ = admin().resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .endMetadata()
                        .build())
                .create();
        GenericKubernetesResource _ = apply("""
                apiVersion: waitingroom.dev/v1alpha1
                kind: WaitingRoomGateway
                metadata: {name: default, namespace: %s}
                spec: {clients: {trustedProxies: [10.0.0.0/8]}}
                """.formatted(name));
    }

    /** Applies an object as a person. */
    GenericKubernetesResource apply(String yaml) {
        var object = Serialization.unmarshal(yaml, GenericKubernetesResource.class);
        return admin().resource(object).fieldManager(PERSON).forceConflicts().serverSideApply();
    }

    /** Applies a room with these targets. */
    void applyRoom(String namespace, String name, String... targets) {
        GenericKubernetesResource _ = apply("""
                apiVersion: waitingroom.dev/v1alpha1
                kind: WaitingRoom
                metadata: {name: %s, namespace: %s}
                spec:
                  admission: {rate: 10, burst: 10}
                  protect: {targetRefs: [%s]}
                """.formatted(name, namespace, String.join(", ", targets)));
    }

    /** Deletes a room, and waits until it is gone. */
    void deleteRoom(String namespace, String name) {
        var room = admin().resources(WaitingRoom.class).inNamespace(namespace).withName(name);
        var _ = room.delete();
        await().atMost(SOON).until(() -> room.get() == null);
    }

    /** Writes the status that the gateway's Deployment has when all pods are ready. */
    void startGateway(String namespace) {
        var deployments = admin().apps().deployments().inNamespace(namespace);
        await().atMost(SOON).until(() -> deployments.withName("default-gateway").get() != null);
        Deployment deployment = deployments.withName("default-gateway").get();
        int replicas = deployment.getSpec().getReplicas();
        Deployment _ = admin().resource(new DeploymentBuilder(deployment)
                        .editMetadata()
                        .withResourceVersion(null)
                        .endMetadata()
                        .withNewStatus()
                        .withObservedGeneration(deployment.getMetadata().getGeneration())
                        .withReplicas(replicas)
                        .withUpdatedReplicas(replicas)
                        .withReadyReplicas(replicas)
                        .withAvailableReplicas(replicas)
                        .endStatus()
                        .build())
                .patchStatus();
    }

    /** Waits for a condition of the room's only target. */
    Condition awaitCondition(String namespace, String room, String type, String reason) {
        return await().atMost(SOON)
                .until(
                        () -> condition(namespace, room, type),
                        found -> found.map(Condition::reason)
                                .filter(reason::equals)
                                .isPresent())
                .orElseThrow();
    }

    private Optional<Condition> condition(String namespace, String room, String type) {
        WaitingRoom there = admin().resources(WaitingRoom.class)
                .inNamespace(namespace)
                .withName(room)
                .get();
        return there.statusOrNone().ancestors().stream()
                .map(AncestorStatus::conditions)
                .flatMap(List::stream)
                .filter(condition -> condition.type().equals(type))
                .findFirst();
    }

    GenericKubernetesResource get(String apiVersion, String kind, String namespace, String name) {
        return admin().genericKubernetesResources(apiVersion, kind)
                .inNamespace(namespace)
                .withName(name)
                .get();
    }

    /** Waits until the room has no targets any more. */
    void awaitReleased(String namespace, String room) {
        await().atMost(SOON)
                .until(() -> admin().resources(WaitingRoom.class)
                        .inNamespace(namespace)
                        .withName(room)
                        .get()
                        .statusOrNone()
                        .ancestors()
                        .isEmpty());
    }

    /** Objects that the operator wrote for a room's targets. */
    List<GenericKubernetesResource> written(String apiVersion, String kind, String namespace) {
        return admin().genericKubernetesResources(apiVersion, kind)
                .inNamespace(namespace)
                .withLabel("waitingroom.dev/route-check")
                .list()
                .getItems();
    }

    /** All ClusterRoles of the chart, which the operator's ServiceAccount gets. */
    private void grant(Helm helm) {
        helm.render("redis.url=redis://redis:6379", "rbac.targetRefs=true").stream()
                .filter(ClusterRole.class::isInstance)
                .map(ClusterRole.class::cast)
                .filter(role -> role.getMetadata().getLabels().keySet().stream()
                        .noneMatch(label -> label.startsWith("rbac.authorization.k8s.io/")))
                .forEach(this::grant);
    }

    private void grant(ClusterRole role) {
        var _ = admin().resource(role).create();
        var _ = admin().resource(new ClusterRoleBindingBuilder()
                        .withNewMetadata()
                        .withName(role.getMetadata().getName())
                        .endMetadata()
                        .withNewRoleRef(
                                "rbac.authorization.k8s.io",
                                "ClusterRole",
                                role.getMetadata().getName())
                        .addNewSubject("rbac.authorization.k8s.io", "User", ApiServer.OPERATOR, null)
                        .build())
                .create();
    }

    @Override
    public void close() {
        operator.close();
        operatorClient.close();
        redis.close();
        server.close();
    }
}
