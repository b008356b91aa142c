package dev.waitingroom.dev.operator;

import static dev.waitingroom.dev.operator.OperatorSite.NAMESPACE;
import static dev.waitingroom.dev.operator.OperatorSite.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.waitingroom.api.v1alpha1.WaitingRoomSpec.Mode;
import dev.waitingroom.api.v1alpha1.WaitingRoomStatus.PolicyInForce;
import dev.waitingroom.queue.GatewayId;
import dev.waitingroom.queue.store.RedisUnavailableException;
import dev.waitingroom.queue.store.RoomRegistration;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the operator makes of a room: its policy in Redis, its status, and its end. */
class OperatorRoomIT {
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
    void makesAllThatARoomNeeds() throws RedisUnavailableException {
        site.applyRoom("concert", "eventId: evt_1");

        site.serve("concert", "default");

        assertThat(site.owned("default")).containsExactlyInAnyOrder("Deployment", "Service", "PodDisruptionBudget");
        assertThat(site.line("concert"))
                .hasValueSatisfying(line -> assertThat(line.generation()).isEqualTo(1));
        assertThat(site.queue().gatewayControl().rooms(new GatewayId(NAMESPACE, "default")))
                .extracting(RoomRegistration::eventId)
                .containsExactly("evt_1");
        assertThat(site.secret("default-keys").getData()).containsKeys("ticket-keys.json", "reservation-keys.json");
        var status = site.room("concert").orElseThrow().statusOrNone();
        assertThat(status.observedGeneration()).isEqualTo(1);
        assertThat(status.url()).isEqualTo("http://default-gateway.shop.svc");
        assertThat(status.policy())
                .isEqualTo(new PolicyInForce("10/s", 10, null, Mode.QUEUE, 300L, 900L, null, 120L, null));
        assertThat(site.events("WaitingRoom", "concert")).contains("GatewayMade", "Serving");
    }

    @Test
    void writesNothingWhileNothingHappens() {
        site.applyRoom("quiet");
        site.serve("quiet", "default");
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
        site.serve("older", "default");
        await().until(() -> site.room("older").orElseThrow().statusOrNone().epoch() != null);
        long seen = Objects.requireNonNull(
                site.room("older").orElseThrow().statusOrNone().epoch());

        site.restartOperator(() -> site.redis().command("HINCRBY", "wr:{shop/older}:state", "epoch", "-60000"));

        await().untilAsserted(() -> assertThat(site.line("older"))
                .hasValueSatisfying(line -> assertThat(line.epoch()).isGreaterThan(seen)));
    }

    @Test
    void putsBackWhatRedisLost() {
        site.applyRoom("lost");
        site.serve("lost", "default");

        site.redis().flush();

        await().untilAsserted(() -> {
            assertThat(site.line("lost"))
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
        site.serve("lapsed", "default");

        site.restartOperator(() -> site.redis().flush());

        await().untilAsserted(
                        () -> assertThat(site.events("WaitingRoom", "lapsed")).contains("PutBackIntoRedis"));
        assertThat(site.line("lapsed"))
                .hasValueSatisfying(line -> assertThat(line.generation()).isEqualTo(1));
    }

    @Test
    void putsAChangedPolicyInForce() {
        site.applyRoom("changed");
        site.serve("changed", "default");

        site.applyRoom("changed", "waiting: {ttlSeconds: 60}");

        await().untilAsserted(() -> {
            assertThat(site.line("changed"))
                    .hasValueSatisfying(line -> assertThat(line.generation()).isEqualTo(2));
            assertThat(site.room("changed").orElseThrow().statusOrNone().observedGeneration())
                    .isEqualTo(2);
        });
    }

    @Test
    void tellsWhatChangedInAPolicyOldAndNew() {
        site.applyRoom("told");
        site.serve("told", "default");

        site.applyRoom("told", "mode: Hold", "waiting: {ttlSeconds: 60}");

        await().untilAsserted(() -> assertThat(site.events(site.room("told").orElseThrow(), "Normal"))
                .contains("PolicyChanged: mode from Queue to Hold, waiting.ttlSeconds from 300 to 60 (generation 2)"));
        assertThat(site.room("told").orElseThrow().statusOrNone().policy())
                .isEqualTo(new PolicyInForce("10/s", 10, null, Mode.HOLD, 60L, 900L, null, 120L, null));
    }

    @Test
    void aNormalFirstStartWarnsOfNothing() {
        site.applyRoom("fresh");
        await().untilAsserted(() -> assertThat(site.gatewayCondition("default", "Ready"))
                .hasValueSatisfying(ready -> assertThat(ready.reason()).isEqualTo("Starting")));
        site.awaitReadiness("fresh", "GatewayStarting");

        site.serve("fresh", "default");

        assertThat(site.warnings(site.room("fresh").orElseThrow())).isEmpty();
        assertThat(site.warnings(site.gateway("default").orElseThrow())).isEmpty();
        site.client().resource(site.deployment("default").orElseThrow()).delete();
        site.awaitReadiness("fresh", "GatewayNotReady");
        assertThat(site.warnings(site.gateway("default").orElseThrow()))
                .singleElement()
                .asString()
                .startsWith("NoPodsReady: ");
    }

    @Test
    void saysWhoseAnEventIs() {
        site.applyRoom("first", "eventId: shared");
        site.serve("first", "default");

        site.applyRoom("second", "eventId: shared");

        site.awaitReadiness("second", "EventIdTaken");
        assertThat(site.roomCondition("second", "Ready").orElseThrow().message())
                .contains("first")
                .contains("delete one of the two");
        assertThat(site.readiness("first")).isEqualTo("Serving");
        site.client().resource(site.room("first").orElseThrow()).delete();
        site.awaitReadiness("second", "Serving");
    }

    @Test
    void waitsForAGatewayThatIsMissing() {
        site.applyRoom("orphan", "gatewayRef: {name: own}");
        site.awaitReadiness("orphan", "GatewayMissing");

        site.applyGateway("own", "{}");

        site.serve("orphan", "own");
    }

    @Test
    void keepsAnEventThatCannotBeChanged() throws RedisUnavailableException {
        site.applyRoom("fixed", "eventId: before");
        site.serve("fixed", "default");

        site.applyRoom("fixed", "eventId: after"); // the API in memory does not evaluate the CEL rule

        site.awaitReadiness("fixed", "EventIdChanged");
        assertThat(site.queue().gatewayControl().rooms(new GatewayId(NAMESPACE, "default")))
                .extracting(RoomRegistration::eventId)
                .containsExactly("before");
        site.applyRoom("fixed", "eventId: before");
        site.awaitReadiness("fixed", "Serving");
    }

    @Test
    void saysThatRedisIsGoneAndComesBackByItself() {
        site.applyRoom("stopped", "whenUnavailable: Admit");
        site.serve("stopped", "default");

        site.redis().pause();
        site.awaitReadiness("stopped", "RedisUnreachable");
        assertThat(site.roomCondition("stopped", "Ready").orElseThrow().message())
                .contains("keep their places");

        site.redis().resume();
        site.awaitReadiness("stopped", "Serving");
        await().untilAsserted(() ->
                assertThat(site.events("WaitingRoom", "stopped")).contains("EveryoneEnters", "VisitorsWaitAgain"));
    }

    @Test
    void clearsTheLineOfARoomThatIsDeleted() throws RedisUnavailableException {
        site.applyRoom("gone");
        site.serve("gone", "default");

        site.client().resource(site.room("gone").orElseThrow()).delete();

        await().until(() -> site.room("gone").isEmpty());
        assertThat(site.line("gone")).isEmpty();
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
        site.serve("renamed", "default");
        site.applyRoom("renamed", "eventId: evt_wanted");
        site.awaitReadiness("renamed", "EventIdChanged");

        site.client().resource(site.room("renamed").orElseThrow()).delete();

        await().until(() -> site.room("renamed").isEmpty());
        assertThat(site.queue().gatewayControl().rooms(new GatewayId(NAMESPACE, "default")))
                .isEmpty();
    }

    @Test
    void holdsADeletedRoomUntilItsLineCanBeCleared() throws RedisUnavailableException {
        site.applyRoom("held");
        site.serve("held", "default");
        site.redis().pause();
        site.awaitReadiness("held", "RedisUnreachable");

        site.client().resource(site.room("held").orElseThrow()).delete();
        await().untilAsserted(
                        () -> assertThat(site.events("WaitingRoom", "held")).contains("LineNotRemoved"));
        assertThat(site.room("held")).isPresent();

        site.redis().resume();
        await().until(() -> site.room("held").isEmpty());
        assertThat(site.line("held")).isEmpty();
    }

    @Test
    void goesOnWhereAnotherOperatorStopped() throws RedisUnavailableException {
        site.applyRoom("kept");
        site.serve("kept", "default");
        long epoch = site.line("kept").orElseThrow().epoch();
        String keys = site.secret("default-keys").getMetadata().getResourceVersion();

        site.restartOperator();
        site.applyRoom("kept", "message: Hello");

        await().untilAsserted(() ->
                assertThat(site.line("kept").orElseThrow().generation()).isEqualTo(2));
        assertThat(site.line("kept").orElseThrow().epoch()).isEqualTo(epoch);
        assertThat(site.events("WaitingRoom", "kept")).as("nothing was lost").doesNotContain("PutBackIntoRedis");
        assertThat(site.secret("default-keys").getMetadata().getResourceVersion())
                .isEqualTo(keys);
    }
}
