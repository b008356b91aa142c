package dev.waitingroom.dev.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waitingroom.api.v1alpha1.Condition;
import dev.waitingroom.api.v1alpha1.WaitingRoom;
import dev.waitingroom.api.v1alpha1.WaitingRoomGateway;
import dev.waitingroom.dev.cluster.LocalCluster;
import dev.waitingroom.operator.OperatorProcess;
import dev.waitingroom.operator.OperatorSettings;
import dev.waitingroom.queue.RoomId;
import dev.waitingroom.queue.redis.QueueRedis;
import dev.waitingroom.queue.redis.RedisSettings;
import dev.waitingroom.queue.store.LineFigures;
import dev.waitingroom.queue.store.RedisUnavailableException;
import dev.waitingroom.testkit.redis.RedisProcess;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.NonDeletingOperation;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** An API in memory, a Redis, an operator, and the actions of a user. */
final class OperatorSite implements AutoCloseable {
    static final String NAMESPACE = "shop";

    private static final String SYSTEM = "system";
    private static final String REDIS_SECRET = "redis";

    private final RedisProcess redis = RedisProcess.start();
    private final LocalCluster cluster = LocalCluster.inMemory();
    private final KubernetesClient client = cluster.client();
    private final KubernetesClient operatorClient = cluster.client();
    private final QueueRedis queue = QueueRedis.connect(settings(redis.url()));
    private OperatorProcess operator;

    OperatorSite() {
        installRedis(Map.of("url", redis.url()));
        operator = startOperator();
    }

    private static RedisSettings settings(String url) {
        return RedisSettings.of(url);
    }

    private OperatorProcess startOperator() {
        return OperatorProcess.start(
                new OperatorSettings(
                        Optional.empty(),
                        Optional.of(REDIS_SECRET),
                        "gateway:test",
                        SYSTEM,
                        "operator-1",
                        Set.of(),
                        false,
                        "127.0.0.1",
                        0),
                operatorClient);
    }

    /** Writes the Secret with the operator's Redis. */
    void installRedis(Map<String, String> entries) {
        client.secrets()
                .inNamespace(SYSTEM)
                .resource(new SecretBuilder()
                        .withNewMetadata()
                        .withName(REDIS_SECRET)
                        .withNamespace(SYSTEM)
                        .endMetadata()
                        .withStringData(entries)
                        .build())
                .createOr(NonDeletingOperation::update);
    }

    /** Decodes an entry of a Secret. */
    static String decoded(String base64) {
        return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    }

    /** Ends the operator and starts another, as its roll-out does. */
    void restartOperator() {
        restartOperator(() -> {});
    }

    /** @param meanwhile runs while no operator runs */
    void restartOperator(Runnable meanwhile) {
        operator.close();
        meanwhile.run();
        operator = startOperator();
    }

    RedisProcess redis() {
        return redis;
    }

    QueueRedis queue() {
        return queue;
    }

    KubernetesClient client() {
        return client;
    }

    /** Applies the object, as kubectl apply does. */
    void apply(String yaml) {
        var object = Serialization.unmarshal(yaml, GenericKubernetesResource.class);
        object.getMetadata().setNamespace(NAMESPACE);
        client.genericKubernetesResources(object.getApiVersion(), object.getKind())
                .inNamespace(NAMESPACE)
                .resource(object)
                .fieldManager("person")
                .forceConflicts()
                .serverSideApply();
    }

    /** Applies a room of rate 10, burst 10. */
    void applyRoom(String name, String... more) {
        apply("""
                apiVersion: waitingroom.dev/v1alpha1
                kind: WaitingRoom
                metadata: {name: %s}
                spec:
                  admission: {rate: 10, burst: 10}
                  %s
                """.formatted(name, String.join("\n  ", more)));
    }

    void applyGateway(String name, String spec) {
        apply("""
                apiVersion: waitingroom.dev/v1alpha1
                kind: WaitingRoomGateway
                metadata: {name: %s}
                spec: %s
                """.formatted(name, spec));
    }

    Optional<WaitingRoom> room(String name) {
        return Optional.ofNullable(client.resources(WaitingRoom.class)
                .inNamespace(NAMESPACE)
                .withName(name)
                .get());
    }

    Optional<WaitingRoomGateway> gateway(String name) {
        return Optional.ofNullable(client.resources(WaitingRoomGateway.class)
                .inNamespace(NAMESPACE)
                .withName(name)
                .get());
    }

    Optional<Deployment> deployment(String gateway) {
        return Optional.ofNullable(client.apps()
                .deployments()
                .inNamespace(NAMESPACE)
                .withName(gateway + "-gateway")
                .get());
    }

    /** A room's condition; empty if it has none. */
    Optional<Condition> roomCondition(String room, String type) {
        return room(room).stream()
                .flatMap(there -> there.statusOrNone().conditions().stream())
                .filter(condition -> condition.type().equals(type))
                .findFirst();
    }

    Optional<Condition> gatewayCondition(String gateway, String type) {
        return gateway(gateway).stream()
                .flatMap(there -> there.statusOrNone().conditions().stream())
                .filter(condition -> condition.type().equals(type))
                .findFirst();
    }

    /** The reason of a room's condition Ready; empty if it has none. */
    String readiness(String room) {
        return roomCondition(room, "Ready").map(Condition::reason).orElse("");
    }

    /** Writes the status that a Deployment has when all its pods are ready. */
    void allPodsReady(String gateway) {
        Deployment deployment = deployment(gateway).orElseThrow();
        int replicas = deployment.getSpec().getReplicas();
        client.resource(new DeploymentBuilder(deployment)
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

    /** The reasons of all Events of an object. */
    List<String> events(String kind, String name) {
        return client.v1().events().inNamespace(NAMESPACE).list().getItems().stream()
                .filter(event -> event.getInvolvedObject().getKind().equals(kind)
                        && event.getInvolvedObject().getName().equals(name))
                .map(event -> event.getReason())
                .toList();
    }

    /** The warnings among the Events of this object, as "REASON: MESSAGE". */
    List<String> warnings(HasMetadata object) {
        return events(object, "Warning");
    }

    /** The Events of a type for this object, as "REASON: MESSAGE". */
    List<String> events(HasMetadata object, String type) {
        return client.v1().events().inNamespace(NAMESPACE).list().getItems().stream()
                .filter(event -> event.getInvolvedObject()
                                .getUid()
                                .equals(object.getMetadata().getUid())
                        && event.getType().equals(type))
                .map(event -> event.getReason() + ": " + event.getMessage())
                .toList();
    }

    /** The kinds of the objects that a gateway owns. */
    List<String> owned(String gateway) {
        return Stream.<List<? extends HasMetadata>>of(
                        client.apps()
                                .deployments()
                                .inNamespace(NAMESPACE)
                                .list()
                                .getItems(),
                        client.services().inNamespace(NAMESPACE).list().getItems(),
                        client.policy()
                                .v1()
                                .podDisruptionBudget()
                                .inNamespace(NAMESPACE)
                                .list()
                                .getItems())
                .flatMap(List::stream)
                .filter(object -> object.getMetadata().getOwnerReferences().stream()
                        .anyMatch(owner -> owner.getName().equals(gateway)))
                .map(HasMetadata::getKind)
                .toList();
    }

    Secret secret(String name) {
        return client.secrets().inNamespace(NAMESPACE).withName(name).get();
    }

    Optional<LineFigures> line(String room) throws RedisUnavailableException {
        return queue.roomControl().figures(new RoomId(NAMESPACE, room));
    }

    static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(100));
    }

    void awaitReadiness(String room, String reason) {
        await().untilAsserted(() -> assertThat(readiness(room)).isEqualTo(reason));
    }

    /** Waits until a room's gateway is made, and lets its pods be ready. */
    void serve(String room, String gateway) {
        await().until(() -> deployment(gateway).isPresent());
        allPodsReady(gateway);
        awaitReadiness(room, "Serving");
    }

    /** Deletes all rooms, then all gateways, waits until they are gone, and empties Redis: a line may have been abandoned. */
    void removeAll() {
        redis.revive();
        removeAll(WaitingRoom.class);
        removeAll(WaitingRoomGateway.class);
        redis.flush();
    }

    private void removeAll(Class<? extends HasMetadata> kind) {
        client.resources(kind).inNamespace(NAMESPACE).delete();
        await().until(() ->
                client.resources(kind).inNamespace(NAMESPACE).list().getItems().isEmpty());
    }

    @Override
    public void close() {
        redis.revive();
        operator.close();
        queue.close();
        operatorClient.close();
        client.close();
        cluster.close();
        redis.close();
    }
}
