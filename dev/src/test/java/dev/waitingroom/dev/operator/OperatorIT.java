package dev.waitingroom.dev.operator;

import static dev.waitingroom.dev.operator.OperatorSite.NAMESPACE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.waitingroom.api.v1alpha1.ConditionStatus;
import dev.waitingroom.api.v1alpha1.WaitingRoom;
import dev.waitingroom.api.v1alpha1.WaitingRoomGateway;
import dev.waitingroom.api.v1alpha1.WaitingRoomSpec.Mode;
import dev.waitingroom.api.v1alpha1.WaitingRoomStatus.PolicyInForce;
import dev.waitingroom.queue.GatewayId;
import dev.waitingroom.queue.RoomId;
import dev.waitingroom.queue.store.GatewayScripts.Report;
import dev.waitingroom.queue.store.LineFigures;
import dev.waitingroom.queue.store.RedisUnavailableException;
import dev.waitingroom.queue.store.RoomRegistration;
import dev.waitingroom.testkit.redis.RedisProcess;
import io.fabric8.kubernetes.api.model.HasMetadata;
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
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class OperatorIT {
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
        site.redis().revive();
        site.client().resources(WaitingRoom.class).inNamespace(NAMESPACE).delete();
        await().until(() -> site.client()
                .resources(WaitingRoom.class)
                .inNamespace(NAMESPACE)
                .list()
                .getItems()
                .isEmpty());
        site.client().resources(WaitingRoomGateway.class).inNamespace(NAMESPACE).delete();
        await().until(() -> site.client()
                .resources(WaitingRoomGateway.class)
                .inNamespace(NAMESPACE)
                .list()
                .getItems()
                .isEmpty());
    }

    private static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(100));
    }

    private static Optional<LineFigures> line(String room) throws RedisUnavailableException {
        return site.queue().roomControl().figures(new RoomId(NAMESPACE, room));
    }

    private static void awaitReadiness(String room, String reason) {
        await().untilAsserted(() -> assertThat(site.readiness(room)).isEqualTo(reason));
    }

    private static void serve(String room, String gateway) {
        await().until(() -> site.deployment(gateway).isPresent());
        site.allPodsReady(gateway);
        awaitReadiness(room, "Serving");
    }

    @Test
    void makesAllThatARoomNeeds() throws RedisUnavailableException {
        site.applyRoom("concert", "eventId: evt_1");

        serve("concert", "default");

        assertThat(site.owned("default")).containsExactlyInAnyOrder("Deployment", "Service", "PodDisruptionBudget");
        assertThat(line("concert"))
                .hasValueSatisfying(line -> assertThat(line.generation()).isEqualTo(1));
        assertThat(site.queue().gatewayControl().rooms(new GatewayId(NAMESPACE, "default")))
                .extracting(RoomRegistration::eventId)
                .containsExactly("evt_1");
        assertThat(secret("default-keys").getData()).containsKeys("ticket-keys.json", "reservation-keys.json");
        var status = site.room("concert").orElseThrow().statusOrNone();
        assertThat(status.observedGeneration()).isEqualTo(1);
        assertThat(status.url()).isEqualTo("http://default-gateway.shop.svc");
        assertThat(status.policy()).isEqualTo(new PolicyInForce("10/s", 10, Mode.QUEUE, 300L, 900L, null, 120L, null));
        assertThat(site.events("WaitingRoom", "concert")).contains("GatewayMade", "Serving");
    }

    @Test
    void writesNothingWhileNothingHappens() {
        site.applyRoom("quiet");
        serve("quiet", "default");
        await().until(() -> site.gatewayCondition("default", "Progressing")
                .filter(condition -> condition.reason().equals("Complete"))
                .isPresent());
        var last = new AtomicReference<List<String>>(List.of());

        // The watch checks once a second, so it has checked several times.
        await().during(Duration.ofSeconds(5)).until(() -> versions().equals(last.getAndSet(versions())));
    }

    private static List<String> versions() {
        return List.<HasMetadata>of(
                        site.room("quiet").orElseThrow(),
                        site.gateway("default").orElseThrow(),
                        site.deployment("default").orElseThrow())
                .stream()
                .map(object -> object.getKind() + " " + object.getMetadata().getResourceVersion())
                .toList();
    }

    @Test
    void anOlderCopyOfTheLineBeginsAnEpochThoughTheOperatorWasRestarted() {
        site.applyRoom("older");
        serve("older", "default");
        await().until(() -> site.room("older").orElseThrow().statusOrNone().epoch() != null);
        long seen = Objects.requireNonNull(
                site.room("older").orElseThrow().statusOrNone().epoch());

        site.restartOperator(() -> site.redis().command("HINCRBY", "wr:{shop/older}:state", "epoch", "-60000"));

        await().untilAsserted(() -> assertThat(line("older"))
                .hasValueSatisfying(line -> assertThat(line.epoch()).isGreaterThan(seen)));
    }

    @Test
    void putsBackWhatRedisLost() {
        site.applyRoom("lost");
        serve("lost", "default");

        site.redis().flush();

        await().untilAsserted(() -> {
            assertThat(line("lost"))
                    .hasValueSatisfying(line -> assertThat(line.generation()).isEqualTo(1));
            assertThat(site.queue().gatewayControl().rooms(new GatewayId(NAMESPACE, "default")))
                    .hasSize(1);
            assertThat(site.events("WaitingRoom", "lost")).contains("PutBackIntoRedis");
        });
        assertThat(site.readiness("lost")).isEqualTo("Serving");
    }

    @Test
    void reportsAPolicyThatRedisLostWhileTheOperatorWasRestarted() throws RedisUnavailableException {
        site.applyRoom("lapsed");
        serve("lapsed", "default");

        site.restartOperator(() -> site.redis().flush());

        await().untilAsserted(
                        () -> assertThat(site.events("WaitingRoom", "lapsed")).contains("PutBackIntoRedis"));
        assertThat(line("lapsed"))
                .hasValueSatisfying(line -> assertThat(line.generation()).isEqualTo(1));
    }

    @Test
    void putsAChangedPolicyInForce() {
        site.applyRoom("changed");
        serve("changed", "default");

        site.applyRoom("changed", "waiting: {ttlSeconds: 60}");

        await().untilAsserted(() -> {
            assertThat(line("changed"))
                    .hasValueSatisfying(line -> assertThat(line.generation()).isEqualTo(2));
            assertThat(site.room("changed").orElseThrow().statusOrNone().observedGeneration())
                    .isEqualTo(2);
        });
    }

    @Test
    void tellsWhatChangedInAPolicyOldAndNew() {
        site.applyRoom("told");
        serve("told", "default");

        site.applyRoom("told", "mode: Hold", "waiting: {ttlSeconds: 60}");

        await().untilAsserted(() -> assertThat(site.events(site.room("told").orElseThrow(), "Normal"))
                .contains("PolicyChanged: mode from Queue to Hold, waiting.ttlSeconds from 300 to 60 (generation 2)"));
        assertThat(site.room("told").orElseThrow().statusOrNone().policy())
                .isEqualTo(new PolicyInForce("10/s", 10, Mode.HOLD, 60L, 900L, null, 120L, null));
    }

    @Test
    void aNormalFirstStartWarnsOfNothing() {
        site.applyRoom("fresh");
        await().untilAsserted(() -> assertThat(site.gatewayCondition("default", "Ready"))
                .hasValueSatisfying(ready -> assertThat(ready.reason()).isEqualTo("Starting")));
        awaitReadiness("fresh", "GatewayStarting");

        serve("fresh", "default");

        assertThat(site.warnings(site.room("fresh").orElseThrow())).isEmpty();
        assertThat(site.warnings(site.gateway("default").orElseThrow())).isEmpty();
        site.client().resource(site.deployment("default").orElseThrow()).delete();
        awaitReadiness("fresh", "GatewayNotReady");
        assertThat(site.warnings(site.gateway("default").orElseThrow()))
                .singleElement()
                .asString()
                .startsWith("NoPodsReady: ");
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
        awaitReadiness("unlucky", "GatewayNotReady");
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
    void saysWhoseAnEventIs() {
        site.applyRoom("first", "eventId: shared");
        serve("first", "default");

        site.applyRoom("second", "eventId: shared");

        awaitReadiness("second", "EventIdTaken");
        assertThat(site.roomCondition("second", "Ready").orElseThrow().message())
                .contains("first")
                .contains("delete one of the two");
        assertThat(site.readiness("first")).isEqualTo("Serving");
        site.client().resource(site.room("first").orElseThrow()).delete();
        awaitReadiness("second", "Serving");
    }

    @Test
    void waitsForAGatewayThatIsMissing() {
        site.applyRoom("orphan", "gatewayRef: {name: own}");
        awaitReadiness("orphan", "GatewayMissing");

        site.applyGateway("own", "{}");

        serve("orphan", "own");
    }

    @Test
    void saysWhatAGatewaysRedisLacks() {
        site.applyGateway("own", "{redis: {secretRef: {name: own-redis}}}");
        site.applyRoom("elsewhere", "gatewayRef: {name: own}");
        awaitReadiness("elsewhere", "RedisSecretMissing");

        site.client().resource(redisSecret("mongodb://x")).create();
        awaitReadiness("elsewhere", "RedisSecretInvalid");

        site.client().resource(redisSecret("redis://127.0.0.1:1")).update();
        awaitReadiness("elsewhere", "RedisUnreachable");
        assertThat(site.gatewayCondition("own", "RedisReachable").orElseThrow().status())
                .isEqualTo(ConditionStatus.FALSE);

        site.client().resource(redisSecret(site.redis().url())).update();
        serve("elsewhere", "own");
        site.client().resource(redisSecret("redis://127.0.0.1:1")).delete();
    }

    @Test
    void namesTheCommandThatAGatewaysRedisRefusesForTheGatewayAndItsRooms() {
        try (RedisProcess redis = RedisProcess.start("rename-command INFO \"\"")) {
            site.client().resource(redisSecret(redis.url())).create();
            site.applyGateway("own", "{redis: {secretRef: {name: own-redis}}}");
            site.applyRoom("refused", "gatewayRef: {name: own}");

            awaitReadiness("refused", "CommandRefused");

            await().untilAsserted(() -> assertThat(site.gatewayCondition("own", "RedisReachable"))
                    .hasValueSatisfying(reachable -> {
                        assertThat(reachable.reason()).isEqualTo("CommandRefused");
                        assertThat(reachable.message()).contains("refuses INFO");
                    }));
            await().untilAsserted(() -> assertThat(
                            site.roomCondition("refused", "Ready").orElseThrow().message())
                    .contains("refuses INFO", "examples/redis-users.conf"));
            site.client().resource(redisSecret(site.redis().url())).update();
            serve("refused", "own");
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
            serve("evictable", "own");

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

        serve("unserved", "own");
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
    void keepsAnEventThatCannotBeChanged() throws RedisUnavailableException {
        site.applyRoom("fixed", "eventId: before");
        serve("fixed", "default");

        site.applyRoom("fixed", "eventId: after"); // the API in memory does not evaluate the CEL rule

        awaitReadiness("fixed", "EventIdChanged");
        assertThat(site.queue().gatewayControl().rooms(new GatewayId(NAMESPACE, "default")))
                .extracting(RoomRegistration::eventId)
                .containsExactly("before");
        site.applyRoom("fixed", "eventId: before");
        awaitReadiness("fixed", "Serving");
    }

    @Test
    void saysThatRedisIsGoneAndComesBackByItself() {
        site.applyRoom("stopped", "whenUnavailable: Admit");
        serve("stopped", "default");

        site.redis().pause();
        awaitReadiness("stopped", "RedisUnreachable");
        assertThat(site.roomCondition("stopped", "Ready").orElseThrow().message())
                .contains("keep their places");

        site.redis().resume();
        awaitReadiness("stopped", "Serving");
        await().untilAsserted(() ->
                assertThat(site.events("WaitingRoom", "stopped")).contains("EveryoneEnters", "VisitorsWaitAgain"));
    }

    @Test
    void clearsTheLineOfARoomThatIsDeleted() throws RedisUnavailableException {
        site.applyRoom("gone");
        serve("gone", "default");

        site.client().resource(site.room("gone").orElseThrow()).delete();

        await().until(() -> site.room("gone").isEmpty());
        assertThat(line("gone")).isEmpty();
        GatewayId gatewayId = new GatewayId(NAMESPACE, "default");
        assertThat(site.queue().gatewayControl().rooms(gatewayId)).isEmpty();
        assertThat(site.queue()
                        .gateway(gatewayId)
                        .deleted()
                        .toCompletableFuture()
                        .join())
                .as("the record that makes gateway pods close the room")
                .extracting(RoomRegistration::eventId)
                .contains("gone");
    }

    @Test
    void takesADeletedRoomOffTheListThoughItsEventIdWasChanged() throws RedisUnavailableException {
        site.applyRoom("renamed", "eventId: evt_served");
        serve("renamed", "default");
        site.applyRoom("renamed", "eventId: evt_wanted");
        awaitReadiness("renamed", "EventIdChanged");

        site.client().resource(site.room("renamed").orElseThrow()).delete();

        await().until(() -> site.room("renamed").isEmpty());
        assertThat(site.queue().gatewayControl().rooms(new GatewayId(NAMESPACE, "default")))
                .isEmpty();
    }

    @Test
    void holdsADeletedRoomUntilItsLineCanBeCleared() throws RedisUnavailableException {
        site.applyRoom("held");
        serve("held", "default");
        site.redis().pause();
        awaitReadiness("held", "RedisUnreachable");

        site.client().resource(site.room("held").orElseThrow()).delete();
        await().untilAsserted(
                        () -> assertThat(site.events("WaitingRoom", "held")).contains("LineNotRemoved"));
        assertThat(site.room("held")).isPresent();

        site.redis().resume();
        await().until(() -> site.room("held").isEmpty());
        assertThat(line("held")).isEmpty();
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
        serve("busy", "own");

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
    void goesOnWhereAnotherOperatorStopped() throws RedisUnavailableException {
        site.applyRoom("kept");
        serve("kept", "default");
        long epoch = line("kept").orElseThrow().epoch();
        String keys = secret("default-keys").getMetadata().getResourceVersion();

        site.restartOperator();
        site.applyRoom("kept", "message: Hello");

        await().untilAsserted(() ->
                assertThat(line("kept").orElseThrow().generation()).isEqualTo(2));
        assertThat(line("kept").orElseThrow().epoch()).isEqualTo(epoch);
        assertThat(site.events("WaitingRoom", "kept")).as("nothing was lost").doesNotContain("PutBackIntoRedis");
        assertThat(secret("default-keys").getMetadata().getResourceVersion()).isEqualTo(keys);
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
        serve("crossed", "api");
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
        Map<String, String> data = secret("old-keys").getData();
        site.client()
                .resource(new SecretBuilder(secret("old-keys"))
                        .editMetadata()
                        .addToLabels("app.kubernetes.io/instance", "old")
                        .endMetadata()
                        .build())
                .update();

        await().untilAsserted(() -> assertThat(secret("old-keys").getMetadata().getLabels())
                .doesNotContainKey("app.kubernetes.io/instance"));
        assertThat(secret("old-keys").getData()).isEqualTo(data);
    }

    @Test
    void makesNoNewKeysInPlaceOfLostOnesUntilTheLossIsAccepted() {
        site.applyRoom("ticketed");
        serve("ticketed", "default");
        String lost = site.gateway("default").orElseThrow().statusOrNone().ticketKeyId();
        assertThat(lost).isNotNull();

        site.client().resource(secret("default-keys")).delete();

        awaitReadiness("ticketed", "GatewayNotReady");
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
        awaitReadiness("ticketed", "Serving");
        assertThat(site.gateway("default").orElseThrow().statusOrNone().ticketKeyId())
                .isNotNull()
                .isNotEqualTo(lost);
    }

    @Test
    void takesRestoredKeysWithoutAWord() {
        site.applyRoom("restored");
        serve("restored", "default");
        Secret backup = secret("default-keys");
        site.client().resource(backup).delete();
        awaitReadiness("restored", "GatewayNotReady");

        site.client()
                .resource(new SecretBuilder(backup)
                        .editMetadata()
                        .withResourceVersion(null)
                        .withUid(null)
                        .endMetadata()
                        .build())
                .create();

        awaitReadiness("restored", "Serving");
        assertThat(secret("default-keys").getData()).isEqualTo(backup.getData());
    }

    @Test
    void holdsADeletedGatewayWhileRoomsNameIt() {
        site.applyGateway("held", "{replicas: {min: 3, max: 5}}");
        site.applyRoom("last", "gatewayRef: {name: held}");
        serve("last", "held");

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

    private static Secret secret(String name) {
        return site.client().secrets().inNamespace(NAMESPACE).withName(name).get();
    }
}
