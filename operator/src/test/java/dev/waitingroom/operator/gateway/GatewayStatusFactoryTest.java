package dev.waitingroom.operator.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waitingroom.api.v1alpha1.Condition;
import dev.waitingroom.api.v1alpha1.ConditionStatus;
import dev.waitingroom.api.v1alpha1.WaitingRoomGateway;
import dev.waitingroom.api.v1alpha1.WaitingRoomGatewayStatus;
import dev.waitingroom.operator.gateway.GatewayStatusFactory.Observed;
import dev.waitingroom.operator.redis.RedisResolution.Problem;
import dev.waitingroom.operator.status.ConditionSet;
import dev.waitingroom.operator.watch.GatewayObservation;
import dev.waitingroom.queue.store.PodReport;
import dev.waitingroom.queue.store.RedisFault;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GatewayStatusFactoryTest {
    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");
    private static final GatewayObservation SEEN = new GatewayObservation(
            Optional.empty(),
            2,
            500,
            List.of(
                    new PodReport("pod-b", "0.2.0", NOW, 120.4, 0.1, 0, 0, Map.of("evt_1", 3L)),
                    new PodReport("pod-a", "0.1.0", NOW, 80.2, 0.1, 0, 0, Map.of("evt_1", 2L, "evt_2", 1L))),
            Optional.of("noeviction"));

    private final GatewayStatusFactory factory = new GatewayStatusFactory(InstantSource.fixed(NOW));
    private final WaitingRoomGateway gateway = Serialization.unmarshal(
            "apiVersion: waitingroom.dev/v1alpha1\nkind: WaitingRoomGateway\nmetadata: {name: default, namespace: shop, generation: 4}",
            WaitingRoomGateway.class);

    @Test
    void saysHowAServingGatewayGoes() {
        var status = factory.status(gateway, view(SEEN, deployment(2, 2, 2)));

        assertThat(status.observedGeneration()).isEqualTo(4);
        assertThat(status.rooms()).isEqualTo(2);
        assertThat(status.replicas()).isEqualTo(2);
        assertThat(status.podsReady()).isEqualTo("2/2");
        assertThat(status.updatedReplicas()).isEqualTo(2);
        assertThat(status.desiredReplicas()).isEqualTo(2);
        assertThat(status.requestsPerSecond()).isEqualTo(201);
        assertThat(status.url()).isEqualTo("http://default-gateway.shop.svc");
        assertThat(status.selector())
                .isEqualTo("app.kubernetes.io/name=waitingroom-gateway,waitingroom.dev/gateway=default");
        assertThat(condition(status, "Ready").status()).isEqualTo(ConditionStatus.TRUE);
        assertThat(condition(status, "RedisReachable").status()).isEqualTo(ConditionStatus.TRUE);
        assertThat(condition(status, "Progressing").reason()).isEqualTo("Complete");
    }

    @Test
    void showsWhichPodServesAnOldPolicy() {
        var status = factory.status(gateway, view(SEEN, deployment(2, 2, 2)));

        assertThat(status.pods())
                .containsExactly(
                        new WaitingRoomGatewayStatus.Pod("pod-a", "0.1.0", 2, List.of("evt_1")),
                        new WaitingRoomGatewayStatus.Pod("pod-b", "0.2.0", 1, List.of("evt_2")));
    }

    @Test
    void aFirstStartIsNoFailure() {
        var status = factory.status(gateway, view(SEEN, deployment(2, 2, 0)));
        gateway.setStatus(status);
        var later = factory.status(gateway, view(SEEN, deployment(2, 2, 0)));

        assertThat(condition(status, "Ready").reason()).isEqualTo("Starting");
        assertThat(condition(status, "Ready").status()).isEqualTo(ConditionStatus.UNKNOWN);
        assertThat(status.podsReady()).isEqualTo("0/2");
        assertThat(condition(later, "Ready")).isEqualTo(condition(status, "Ready"));
    }

    @Test
    void aDeploymentDeletedUnderItsPodsIsNoFirstStart() {
        var anew = new DeploymentBuilder(deployment(2, 0, 0)).withStatus(null).build();
        gateway.setStatus(factory.status(gateway, view(SEEN, deployment(2, 2, 2))));

        gateway.setStatus(factory.status(gateway, view(SEEN, anew)));
        var later = factory.status(gateway, view(SEEN, anew));

        assertThat(condition(gateway.statusOrNone(), "Ready").reason()).isEqualTo("NoPodsReady");
        assertThat(condition(later, "Ready").reason()).isEqualTo("NoPodsReady");
    }

    @Test
    void saysWhyNoPodRuns() {
        var trouble = new PodTrouble("PodUnschedulable", "Pod a finds no node: Insufficient cpu");

        var status = factory.status(gateway, view(SEEN, deployment(2, 2, 0), Optional.of(trouble)));

        assertThat(condition(status, "Ready").status()).isEqualTo(ConditionStatus.FALSE);
        assertThat(condition(status, "Ready").reason()).isEqualTo("PodUnschedulable");
        assertThat(condition(status, "Ready").message()).isEqualTo(trouble.message());
        assertThat(condition(status, "Progressing").reason()).isEqualTo("PodUnschedulable");
    }

    @Test
    void oneOfTwoPodsPendingDoesNotLookReady() {
        var trouble = new PodTrouble("PodUnschedulable", "Pod b finds no node: Insufficient cpu");

        var status = factory.status(gateway, view(SEEN, deployment(2, 2, 1), Optional.of(trouble)));

        assertThat(status.podsReady()).isEqualTo("1/2");
        assertThat(condition(status, "Ready").reason()).isEqualTo("PartlyReady");
        assertThat(condition(status, "Ready").message()).contains("Pod b finds no node");
    }

    @Test
    void saysThatRedisIsWhyNoPodIsReady() {
        var refused = failing(RedisFault.UNREACHABLE, "HGETALL: WRONGPASS");

        var status = factory.status(gateway, view(refused, deployment(2, 2, 0)));

        assertThat(condition(status, "Ready").reason()).isEqualTo("RedisUnreachable");
        assertThat(condition(status, "Ready").message()).contains("WRONGPASS");
    }

    @Test
    void isNotReadyWithoutAPod() {
        gateway.setStatus(factory.status(gateway, view(SEEN, deployment(2, 2, 2))));

        var status = factory.status(gateway, view(SEEN, deployment(2, 2, 0)));

        assertThat(condition(status, "Ready").reason()).isEqualTo("NoPodsReady");
        assertThat(condition(status, "Progressing").reason()).isEqualTo("RollingOut");
    }

    @Test
    void isNotReadyWithoutRedisAndSaysWhatVisitorsSee() {
        var gone = failing(RedisFault.UNREACHABLE, "HGETALL: no answer");

        var status = factory.status(gateway, view(gone, deployment(2, 2, 2)));

        assertThat(condition(status, "RedisReachable").reason()).isEqualTo("RedisUnreachable");
        assertThat(condition(status, "RedisReachable").message()).contains("no answer", "503");
        assertThat(condition(status, "Ready").reason()).isEqualTo("RedisUnreachable");
        assertThat(status.rooms()).isEqualTo(2);
    }

    @Test
    void namesTheCommandThatRedisRefuses() {
        var refuses = failing(RedisFault.COMMAND_REFUSED, "this Redis refuses INFO (ERR unknown command)");

        var status = factory.status(gateway, view(refuses, deployment(2, 2, 2)));

        for (String type : List.of("RedisReachable", "Ready")) {
            assertThat(condition(status, type).status()).isEqualTo(ConditionStatus.FALSE);
            assertThat(condition(status, type).reason()).isEqualTo("CommandRefused");
            assertThat(condition(status, type).message())
                    .contains("refuses INFO", "examples/redis-users.conf")
                    .doesNotContain("takes its user and password");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"allkeys-lru", "allkeys-random", "volatile-lru", "volatile-ttl"})
    void warnsOfAnyPolicyThatLetsRedisDeleteKeys(String policy) {
        var status = factory.status(gateway, view(withPolicy(Optional.of(policy)), deployment(2, 2, 2)));

        Condition safe = condition(status, "RedisSafe");
        assertThat(safe.status()).isEqualTo(ConditionStatus.FALSE);
        assertThat(safe.reason()).isEqualTo("EvictingPolicy");
        assertThat(safe.message()).contains("maxmemory-policy is " + policy, "Set it to noeviction");
        assertThat(condition(status, "Ready").status()).isEqualTo(ConditionStatus.TRUE);
    }

    @Test
    void saysThatRedisKeepsItsKeys() {
        var status = factory.status(gateway, view(SEEN, deployment(2, 2, 2)));

        assertThat(condition(status, "RedisSafe").status()).isEqualTo(ConditionStatus.TRUE);
        assertThat(condition(status, "RedisSafe").reason()).isEqualTo("KeepsKeys");
    }

    @Test
    void doesNotKnowWhetherRedisKeepsItsKeysWhereItDoesNotTell() {
        var status = factory.status(gateway, view(withPolicy(Optional.empty()), deployment(2, 2, 2)));

        assertThat(condition(status, "RedisSafe").status()).isEqualTo(ConditionStatus.UNKNOWN);
    }

    private static GatewayObservation failing(RedisFault fault, String detail) {
        return new GatewayObservation(
                Optional.of(new GatewayObservation.Problem(fault, detail)),
                2,
                500,
                SEEN.reports(),
                SEEN.evictionPolicy());
    }

    private static GatewayObservation withPolicy(Optional<String> policy) {
        return new GatewayObservation(Optional.empty(), 2, 500, SEEN.reports(), policy);
    }

    @Test
    void doesNotKnowRedisBeforeItWasAsked() {
        var status = factory.status(gateway, notAskedYet());

        assertThat(condition(status, "RedisReachable").status()).isEqualTo(ConditionStatus.UNKNOWN);
        assertThat(condition(status, "Ready").status()).isEqualTo(ConditionStatus.TRUE);
    }

    @Test
    void saysAfterARestartWhatItSaidBeforeUntilRedisWasAsked() {
        gateway.setStatus(factory.status(gateway, view(SEEN, deployment(2, 2, 2))));

        var status = new GatewayStatusFactory(InstantSource.fixed(NOW.plusSeconds(60))).status(gateway, notAskedYet());

        assertThat(status.conditions()).isEqualTo(gateway.statusOrNone().conditions());
    }

    @Test
    void showsARollOutThatDoesNotHappen() {
        Deployment stuck = with("Progressing", "False", "ReplicaSet x has timed out progressing.");

        var status = factory.status(gateway, view(SEEN, stuck));

        assertThat(condition(status, "Progressing").reason()).isEqualTo("RolloutStuck");
        assertThat(condition(status, "Progressing").message()).contains("timed out", "kubectl describe pods -l");
    }

    @Test
    void showsPodsThatTheClusterRefuses() {
        Deployment refused = with("ReplicaFailure", "True", "pods \"x\" is forbidden: exceeded quota");

        var status = factory.status(gateway, view(SEEN, refused));

        assertThat(condition(status, "Progressing").reason()).isEqualTo("PodsRefused");
        assertThat(condition(status, "Progressing").message()).contains("exceeded quota", "Correct");
    }

    @Test
    void saysWhatToDoAboutASecretThatIsMissing() {
        var status = factory.status(
                gateway,
                new Observed(
                        Optional.of(new Problem("RedisSecretMissing", "Secret x does not exist: make it")),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Map.of(),
                        Optional.empty()));

        assertThat(status.conditions()).allSatisfy(condition -> {
            assertThat(condition.status()).isEqualTo(ConditionStatus.FALSE);
            assertThat(condition.reason()).isEqualTo("RedisSecretMissing");
        });
    }

    @Test
    void saysWhichRoomsHoldADeletedGateway() {
        var status = factory.status(gateway, view(SEEN, deployment(2, 2, 2)), List.of("concert", "fair"));

        assertThat(condition(status, "DeletionHeld").status()).isEqualTo(ConditionStatus.TRUE);
        assertThat(condition(status, "DeletionHeld").reason()).isEqualTo("RoomsRemain");
        assertThat(condition(status, "DeletionHeld").message()).contains("(2): concert, fair", "deleted");
        assertThat(condition(status, "Ready").status()).isEqualTo(ConditionStatus.TRUE);
    }

    @Test
    void remembersTheTicketKeyWhenTheKeysAreLost() {
        var served = new Observed(
                Optional.empty(),
                Optional.of(SEEN),
                Optional.of(deployment(2, 2, 2)),
                Optional.of(2),
                Map.of(),
                Optional.of("key-1"));
        gateway.setStatus(factory.status(gateway, served));

        var lost = new Observed(
                Optional.of(new Problem("KeysLost", "Secret default-keys has lost the keys")),
                Optional.of(SEEN),
                Optional.of(deployment(2, 2, 2)),
                Optional.empty(),
                Map.of());

        assertThat(factory.status(gateway, lost).ticketKeyId()).isEqualTo("key-1");
    }

    private static Deployment with(String condition, String value, String message) {
        return new DeploymentBuilder(deployment(3, 1, 2))
                .editStatus()
                .addNewCondition()
                .withType(condition)
                .withStatus(value)
                .withMessage(message)
                .endCondition()
                .endStatus()
                .build();
    }

    private static Observed notAskedYet() {
        return new Observed(
                Optional.empty(),
                Optional.empty(),
                Optional.of(deployment(2, 2, 2)),
                Optional.of(2),
                Map.of(),
                Optional.empty());
    }

    private static Observed view(GatewayObservation seen, Deployment deployment) {
        return view(seen, deployment, Optional.empty());
    }

    private static Observed view(GatewayObservation seen, Deployment deployment, Optional<PodTrouble> trouble) {
        return new Observed(
                Optional.empty(),
                Optional.of(seen),
                Optional.of(deployment),
                Optional.of(2),
                Map.of("evt_1", 3L, "evt_2", 1L),
                Optional.empty(),
                trouble);
    }

    private static Deployment deployment(int replicas, int updated, int ready) {
        return new DeploymentBuilder()
                .withNewMetadata()
                .withName("default-gateway")
                .withGeneration(6L)
                .endMetadata()
                .withNewSpec()
                .withReplicas(replicas)
                .endSpec()
                .withNewStatus()
                .withObservedGeneration(6L)
                .withReplicas(replicas)
                .withUpdatedReplicas(updated)
                .withReadyReplicas(ready)
                .endStatus()
                .build();
    }

    private static Condition condition(WaitingRoomGatewayStatus status, String type) {
        return ConditionSet.find(status.conditions(), type).orElseThrow();
    }
}
