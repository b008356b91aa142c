package dev.waitingroom.dev.operator;

import static dev.waitingroom.dev.operator.OperatorSite.NAMESPACE;
import static dev.waitingroom.dev.operator.OperatorSite.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.waitingroom.api.v1alpha1.ConditionStatus;
import dev.waitingroom.queue.GatewayId;
import dev.waitingroom.queue.store.GatewayScripts.Report;
import dev.waitingroom.testkit.redis.RedisProcess;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the operator makes of a gateway: its objects, keys, Redis and size. */
class OperatorGatewayIT {
    private static OperatorSite site;

    @BeforeAll
    static void start() {
        site = new OperatorSite();
    }

    @AfterAll
    static void stop() {
        site.close();
    }

    @AfterEach
    void removeAll() {
        site.removeAll();
    }

    @Test
    void aPodsOwnWordsReachTheStatusOfItsGatewayAndItsRooms() {
        site.applyRoom("unlucky");
        await().until(() -> site.deployment("default").isPresent());
        Pod pod = Serialization.unmarshal("""
                apiVersion: v1
                kind: Pod
                metadata:
                  name: default-gateway-1
                  namespace: shop
                  labels: {app.kubernetes.io/managed-by: waitingroom-operator, waitingroom.dev/gateway: default}
                status:
                  containerStatuses:
                    - ready: false
                      state: {waiting: {reason: CrashLoopBackOff}}
                      lastState: {terminated: {exitCode: 2, message: "REDIS_URL is not set."}}
                """, Pod.class);

        site.client().resource(pod).create();
        site.client().resource(pod).patchStatus();

        await().untilAsserted(() -> assertThat(site.gatewayCondition("default", "Ready"))
                .hasValueSatisfying(ready -> {
                    assertThat(ready.reason()).isEqualTo("PodCrashing");
                    assertThat(ready.message())
                            .isEqualTo("Pod default-gateway-1 ended with exit code 2: REDIS_URL is not set");
                }));
        site.awaitReadiness("unlucky", "GatewayNotReady");
        assertThat(site.roomCondition("unlucky", "Ready").orElseThrow().message())
                .contains("REDIS_URL is not set");
        site.client().resource(pod).delete();
    }

    @Test
    void saysWhatIsWrongWithARangeOfProxies() {
        site.applyGateway("own", "{clients: {trustedProxies: [\"1::2::3\"]}}");

        await().untilAsserted(() -> assertThat(site.gatewayCondition("own", "Ready"))
                .hasValueSatisfying(ready -> {
                    assertThat(ready.reason()).isEqualTo("SpecInvalid");
                    assertThat(ready.message()).startsWith("spec.clients.trustedProxies[0] is \"1::2::3\"");
                }));
        assertThat(site.deployment("own")).isEmpty();
    }

    @Test
    void saysWhatAGatewaysRedisLacks() {
        site.applyGateway("own", "{redis: {secretRef: {name: own-redis}}}");
        site.applyRoom("elsewhere", "gatewayRef: {name: own}");
        site.awaitReadiness("elsewhere", "RedisSecretMissing");

        site.client().resource(redisSecret("mongodb://x")).create();
        site.awaitReadiness("elsewhere", "RedisSecretInvalid");

        site.client().resource(redisSecret("redis://127.0.0.1:1")).update();
        site.awaitReadiness("elsewhere", "RedisUnreachable");
        assertThat(site.gatewayCondition("own", "RedisReachable").orElseThrow().status())
                .isEqualTo(ConditionStatus.FALSE);

        site.client().resource(redisSecret(site.redis().url())).update();
        site.serve("elsewhere", "own");
        site.client().resource(redisSecret("redis://127.0.0.1:1")).delete();
    }

    @Test
    void namesTheCommandThatAGatewaysRedisRefusesForTheGatewayAndItsRooms() {
        try (RedisProcess redis = RedisProcess.start("rename-command INFO \"\"")) {
            site.client().resource(redisSecret(redis.url())).create();
            site.applyGateway("own", "{redis: {secretRef: {name: own-redis}}}");
            site.applyRoom("refused", "gatewayRef: {name: own}");

            site.awaitReadiness("refused", "CommandRefused");

            await().untilAsserted(() -> assertThat(site.gatewayCondition("own", "RedisReachable"))
                    .hasValueSatisfying(reachable -> {
                        assertThat(reachable.reason()).isEqualTo("CommandRefused");
                        assertThat(reachable.message()).contains("refuses INFO");
                    }));
            await().untilAsserted(() -> assertThat(
                            site.roomCondition("refused", "Ready").orElseThrow().message())
                    .contains("refuses INFO", "examples/redis-users.conf"));
            site.client().resource(redisSecret(site.redis().url())).update();
            site.serve("refused", "own");
            site.client().resource(redisSecret(redis.url())).delete();
        }
    }

    @Test
    void warnsOfAGatewaysRedisThatMayDeleteKeysUntilItKeepsThem() {
        try (RedisProcess redis = RedisProcess.start("maxmemory-policy volatile-ttl")) {
            site.client().resource(redisSecret(redis.url())).create();
            site.applyGateway("own", "{redis: {secretRef: {name: own-redis}}}");
            site.applyRoom("evictable", "gatewayRef: {name: own}");
            await().untilAsserted(() -> assertThat(site.gatewayCondition("own", "RedisSafe"))
                    .hasValueSatisfying(safe -> {
                        assertThat(safe.status()).isEqualTo(ConditionStatus.FALSE);
                        assertThat(safe.reason()).isEqualTo("EvictingPolicy");
                        assertThat(safe.message()).contains("volatile-ttl", "noeviction");
                    }));
            site.serve("evictable", "own");

            redis.command("CONFIG", "SET", "maxmemory-policy", "noeviction");

            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(site.gatewayCondition("own", "RedisSafe"))
                            .hasValueSatisfying(
                                    safe -> assertThat(safe.status()).isEqualTo(ConditionStatus.TRUE)));
            site.client().resource(redisSecret(redis.url())).delete();
        }
    }

    @Test
    void saysWhatIsWrongWithAGatewayThatNoSchemaChecked() {
        site.applyGateway("own", "{replicas: {min: 3, max: 2}}");
        site.applyRoom("unserved", "gatewayRef: {name: own}");
        await().untilAsserted(
                        () -> assertThat(site.gatewayCondition("own", "Ready"))
                                .hasValueSatisfying(
                                        ready -> assertThat(ready.message())
                                                .isEqualTo(
                                                        "replicas.min must be 1..replicas.max, not 3 with a max of 2. Correct the spec. Until then the former spec stays in force.")));

        site.applyGateway("own", "{replicas: {min: 2, max: 2}}");

        site.serve("unserved", "own");
    }

    private static Secret redisSecret(String url) {
        return new SecretBuilder()
                .withNewMetadata()
                .withName("own-redis")
                .withNamespace(NAMESPACE)
                .endMetadata()
                .withData(Map.of("url", Base64.getEncoder().encodeToString(url.getBytes(StandardCharsets.UTF_8))))
                .build();
    }

    @Test
    void takesAwayWhatAGatewayOwns() {
        site.applyGateway("own", "{}");
        await().until(() -> site.owned("own").size() == 3);

        site.client().resource(site.gateway("own").orElseThrow()).delete();

        await().until(() -> site.gateway("own").isEmpty());
        await().until(() -> site.owned("own").isEmpty());
    }

    @Test
    void putsBackItsOwnFieldsAndLeavesThoseOfOthers() {
        site.applyGateway("own", "{replicas: {min: 3, max: 5}}");
        await().until(() -> site.deployment("own").isPresent());

        Deployment deployment = site.deployment("own").orElseThrow();
        site.client()
                .resource(new DeploymentBuilder(deployment)
                        .editMetadata()
                        .addToAnnotations("example.org/note", "mine")
                        .endMetadata()
                        .editSpec()
                        .withReplicas(1)
                        .endSpec()
                        .build())
                .update();

        await().untilAsserted(() -> assertThat(
                        site.deployment("own").orElseThrow().getSpec().getReplicas())
                .isEqualTo(3));
        assertThat(site.deployment("own").orElseThrow().getMetadata().getAnnotations())
                .containsEntry("example.org/note", "mine");
    }

    @Test
    void growsWithTheDemandOfItsRooms() {
        site.applyGateway("own", "{replicas: {min: 1, max: 4}, scaling: {targetRequestsPerSecond: 1000}}");
        site.applyRoom("busy", "gatewayRef: {name: own}");
        site.serve("busy", "own");

        var report = new Report("own-1", "1", 2_500, 0.1, 0, 0, Map.of("busy", 1L));
        await().untilAsserted(() -> {
            site.queue()
                    .gateway(new GatewayId(NAMESPACE, "own"))
                    .report(report)
                    .toCompletableFuture()
                    .join();
            assertThat(site.deployment("own").orElseThrow().getSpec().getReplicas())
                    .isEqualTo(3);
        });

        assertThat(site.events("WaitingRoomGateway", "own")).contains("ScaledUp");
        await().untilAsserted(() -> {
            site.queue()
                    .gateway(new GatewayId(NAMESPACE, "own"))
                    .report(report)
                    .toCompletableFuture()
                    .join();
            var status = site.gateway("own").orElseThrow().statusOrNone();
            assertThat(status.requestsPerSecond()).isEqualTo(2_500);
            assertThat(status.pods()).hasSize(1);
            assertThat(status.rooms()).isEqualTo(1);
        });
    }

    @Test
    void leavesObjectsOfOthersAloneAndServesWhenTheNameIsFree() {
        Service service = site.client()
                .resource(new ServiceBuilder()
                        .withNewMetadata()
                        .withName("api-gateway")
                        .withNamespace(NAMESPACE)
                        .endMetadata()
                        .withNewSpec()
                        .withSelector(Map.of("app", "api"))
                        .endSpec()
                        .build())
                .create();
        Secret keys = site.client()
                .resource(secretOfAUser("api-keys", Map.of("card-numbers", "c2VjcmV0")))
                .create();
        Secret redis = site.client()
                .resource(secretOfAUser("api-gateway-redis", Map.of("url", "bWluZQ==")))
                .create();

        site.applyGateway("api", "{}");
        site.applyRoom("crossed", "gatewayRef: {name: api}");

        await().untilAsserted(() -> assertThat(site.gatewayCondition("api", "Ready"))
                .hasValueSatisfying(ready -> {
                    assertThat(ready.reason()).isEqualTo("NameTaken");
                    assertThat(ready.message())
                            .contains("Service api-gateway", "Secret api-keys", "Secret api-gateway-redis")
                            .contains("Rename or delete");
                }));
        assertThat(site.deployment("api")).isEmpty();
        assertThat(site.client().resource(service).get()).isEqualTo(service);
        assertThat(site.client().resource(keys).get()).isEqualTo(keys);
        assertThat(site.client().resource(redis).get()).isEqualTo(redis);

        List.of(service, keys, redis)
                .forEach(object -> site.client().resource(object).delete());
        site.serve("crossed", "api");
    }

    @Test
    void leavesAnObjectOfAnotherWhereItsGatewayIsDeleted() {
        Secret keys = site.client()
                .resource(secretOfAUser("brief-keys", Map.of("entry", "eA==")))
                .create();
        site.applyGateway("brief", "{}");
        await().until(() -> site.gatewayCondition("brief", "Ready")
                .filter(ready -> ready.reason().equals("NameTaken"))
                .isPresent());

        site.client().resource(site.gateway("brief").orElseThrow()).delete();

        await().until(() -> site.gateway("brief").isEmpty());
        assertThat(site.client().resource(keys).get()).isEqualTo(keys);
        site.client().resource(keys).delete();
    }

    @Test
    void takesTheKeysOfAnEarlierVersionAndTheLabelOff() {
        site.applyGateway("old", "{}");
        await().until(() -> site.client()
                        .secrets()
                        .inNamespace(NAMESPACE)
                        .withName("old-keys")
                        .get()
                != null);
        Map<String, String> data = site.secret("old-keys").getData();
        site.client()
                .resource(new SecretBuilder(site.secret("old-keys"))
                        .editMetadata()
                        .addToLabels("app.kubernetes.io/instance", "old")
                        .endMetadata()
                        .build())
                .update();

        await().untilAsserted(
                        () -> assertThat(site.secret("old-keys").getMetadata().getLabels())
                                .doesNotContainKey("app.kubernetes.io/instance"));
        assertThat(site.secret("old-keys").getData()).isEqualTo(data);
    }

    @Test
    void makesNoNewKeysInPlaceOfLostOnesUntilTheLossIsAccepted() {
        site.applyRoom("ticketed");
        site.serve("ticketed", "default");
        String lost = site.gateway("default").orElseThrow().statusOrNone().ticketKeyId();
        assertThat(lost).isNotNull();

        site.client().resource(site.secret("default-keys")).delete();

        site.awaitReadiness("ticketed", "GatewayNotReady");
        assertThat(site.gatewayCondition("default", "Ready")).hasValueSatisfying(ready -> {
            assertThat(ready.reason()).isEqualTo("KeysLost");
            assertThat(ready.message()).contains("waitingroom.dev/accept-lost-keys=" + lost, "backup");
        });
        assertThat(site.client()
                        .secrets()
                        .inNamespace(NAMESPACE)
                        .withName("default-keys")
                        .get())
                .isNull();
        site.client().resource(site.gateway("default").orElseThrow()).edit(gateway -> {
            gateway.getMetadata().setAnnotations(Map.of("waitingroom.dev/accept-lost-keys", lost));
            return gateway;
        });
        site.awaitReadiness("ticketed", "Serving");
        assertThat(site.gateway("default").orElseThrow().statusOrNone().ticketKeyId())
                .isNotNull()
                .isNotEqualTo(lost);
    }

    @Test
    void takesRestoredKeysWithoutAWord() {
        site.applyRoom("restored");
        site.serve("restored", "default");
        Secret backup = site.secret("default-keys");
        site.client().resource(backup).delete();
        site.awaitReadiness("restored", "GatewayNotReady");

        site.client()
                .resource(new SecretBuilder(backup)
                        .editMetadata()
                        .withResourceVersion(null)
                        .withUid(null)
                        .endMetadata()
                        .build())
                .create();

        site.awaitReadiness("restored", "Serving");
        assertThat(site.secret("default-keys").getData()).isEqualTo(backup.getData());
    }

    @Test
    void holdsADeletedGatewayWhileRoomsNameIt() {
        site.applyGateway("held", "{replicas: {min: 3, max: 5}}");
        site.applyRoom("last", "gatewayRef: {name: held}");
        site.serve("last", "held");

        site.client().resource(site.gateway("held").orElseThrow()).delete();

        await().untilAsserted(() -> assertThat(site.gatewayCondition("held", "DeletionHeld"))
                .hasValueSatisfying(condition -> assertThat(condition.message()).contains("last")));
        assertThat(site.events("WaitingRoomGateway", "held")).contains("DeletionHeld");
        assertThat(site.gatewayCondition("held", "Ready").orElseThrow().status())
                .isEqualTo(ConditionStatus.TRUE);
        assertThat(site.readiness("last")).isEqualTo("Serving");
        assertThat(site.deployment("held").orElseThrow().getSpec().getReplicas())
                .isEqualTo(3);

        site.client().resource(site.room("last").orElseThrow()).delete();

        await().until(() -> site.gateway("held").isEmpty());
        await().until(() -> site.owned("held").isEmpty());
        assertThat(site.client()
                        .secrets()
                        .inNamespace(NAMESPACE)
                        .withName("held-keys")
                        .get())
                .isNull();
    }

    private static Secret secretOfAUser(String name, Map<String, String> data) {
        return new SecretBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(NAMESPACE)
                .endMetadata()
                .withData(data)
                .build();
    }
}
