package dev.waitingroom.operator.room;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.waitingroom.api.v1alpha1.Condition;
import dev.waitingroom.api.v1alpha1.ConditionStatus;
import dev.waitingroom.api.v1alpha1.WaitingRoom;
import dev.waitingroom.api.v1alpha1.WaitingRoomSpec;
import dev.waitingroom.api.v1alpha1.WaitingRoomStatus;
import dev.waitingroom.api.v1alpha1.WaitingRoomStatus.Phase;
import dev.waitingroom.api.v1alpha1.WaitingRoomStatus.PolicyInForce;
import dev.waitingroom.operator.room.Sync.Done;
import dev.waitingroom.operator.room.Sync.Refused;
import dev.waitingroom.operator.site.SiteFactory;
import dev.waitingroom.operator.site.SiteSources;
import dev.waitingroom.operator.status.ConditionSet;
import dev.waitingroom.operator.status.ConditionSet.Finding;
import dev.waitingroom.operator.watch.RoomObservation;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoomStatusFactoryTest {
    private static final Finding SERVES = Finding.good("Serving", "serves");
    private static final Optional<RoomObservation> LINE =
            Optional.of(new RoomObservation(481, 12_034, 9.84, Optional.of(Duration.ofSeconds(48)), 7));

    private static final PolicyInForce IN_FORCE =
            new PolicyInForce("20/60s", 5, null, WaitingRoomSpec.Mode.QUEUE, 300L, 900L, null, 120L, null);

    private final RoomStatusFactory factory =
            new RoomStatusFactory(InstantSource.fixed(Instant.parse("2026-11-24T10:00:00Z")));

    @Test
    void saysHowAServedRoomGoes() {
        WaitingRoom room = room("Queue");

        WaitingRoomStatus status = factory.status(room, SERVES, done(room), LINE);

        assertThat(status.observedGeneration()).isEqualTo(3);
        assertThat(status.phase()).isEqualTo(Phase.OPEN);
        assertThat(status.eventId()).isEqualTo("evt_1");
        assertThat(status.gateway()).isEqualTo("default");
        assertThat(status.url()).isEqualTo("http://default-gateway.shop.svc");
        assertThat(status.policy()).isEqualTo(IN_FORCE);
        assertThat(status.waiting()).isEqualTo(481);
        assertThat(status.admittedTotal()).isEqualTo(12_034);
        assertThat(status.admissionRate()).isEqualTo("9.8");
        assertThat(status.estimatedWaitSeconds()).isEqualTo(48);
        assertThat(status.conditions())
                .extracting(Condition::type, Condition::status)
                .containsExactly(
                        tuple("Ready", ConditionStatus.TRUE),
                        tuple("PolicySynced", ConditionStatus.TRUE),
                        tuple("GatewayReady", ConditionStatus.TRUE));
    }

    @ParameterizedTest
    @CsvSource({"Queue,OPEN", "Hold,ON_HOLD", "Pass,PASSING", "Reject,REJECTING"})
    void namesTheMode(String mode, Phase phase) {
        WaitingRoom room = room(mode);

        assertThat(factory.status(room, SERVES, done(room), LINE).phase()).isEqualTo(phase);
    }

    @Test
    void isReadyForTheReasonThatComesFirst() {
        WaitingRoom room = room("Queue");
        Finding missing = Finding.bad("GatewayMissing", "make it");

        var refused = factory.status(room, missing, new Refused("EventIdTaken", "by other"), Optional.empty());
        var synced = factory.status(room, missing, done(room), Optional.empty());

        assertThat(ready(refused).reason()).isEqualTo("EventIdTaken");
        assertThat(ready(synced).reason()).isEqualTo("GatewayMissing");
        assertThat(ready(synced).status()).isEqualTo(ConditionStatus.FALSE);
    }

    @Test
    void isPendingUntilItWasOpenOnceAndUnavailableAfterwards() {
        WaitingRoom room = room("Queue");
        var refused = new Refused("RedisUnreachable", "no answer");

        room.setStatus(factory.status(room, SERVES, refused, Optional.empty()));
        Phase first = room.statusOrNone().phase();
        room.setStatus(factory.status(room, SERVES, done(room), LINE));
        room.setStatus(factory.status(room, SERVES, refused, Optional.empty()));

        assertThat(first).isEqualTo(Phase.PENDING);
        assertThat(room.statusOrNone().phase()).isEqualTo(Phase.UNAVAILABLE);
    }

    @Test
    void keepsWhatItLastKnewWhereRedisCannotBeAsked() {
        WaitingRoom room = room("Queue");
        room.setStatus(factory.status(room, SERVES, done(room), LINE));

        var status = factory.status(room, SERVES, new Refused("RedisUnreachable", "no answer"), Optional.empty());

        assertThat(status.waiting()).isEqualTo(481);
        assertThat(status.policy()).isEqualTo(IN_FORCE);
        assertThat(status.estimatedWaitSeconds()).isEqualTo(48);
    }

    @Test
    void givesNoWaitWhereThereIsNone() {
        WaitingRoom room = room("Hold");
        room.setStatus(factory.status(room, SERVES, done(room), LINE));

        var status = factory.status(
                room, SERVES, done(room), Optional.of(new RoomObservation(481, 12_034, 0, Optional.empty(), 7)));

        assertThat(status.estimatedWaitSeconds()).isNull();
        assertThat(status.admissionRate()).isEqualTo("0");
    }

    @Test
    void tellsTheLimitOfActiveSessions() {
        WaitingRoom room = room("Queue", ", maxActive: 500");

        var status = factory.status(room, SERVES, done(room), LINE);

        assertThat(status.policy())
                .isEqualTo(
                        new PolicyInForce("20/60s", 5, 500, WaitingRoomSpec.Mode.QUEUE, 300L, 900L, null, 120L, null));
    }

    @Test
    void isTheSameAsLongAsNothingChanges() {
        WaitingRoom room = room("Queue");
        room.setStatus(factory.status(room, SERVES, done(room), LINE));
        var later = new RoomStatusFactory(InstantSource.fixed(Instant.parse("2026-11-24T12:00:00Z")));

        assertThat(later.status(room, SERVES, done(room), LINE)).isEqualTo(room.statusOrNone());
    }

    @Test
    void keepsTheLatestEpochThatWasSeen() {
        WaitingRoom room = room("Queue");
        room.setStatus(factory.status(room, SERVES, done(room), LINE));
        var older = Optional.of(new RoomObservation(481, 12_034, 0, Optional.empty(), 6));

        assertThat(room.statusOrNone().epoch()).isEqualTo(7);
        assertThat(factory.status(room, SERVES, done(room), older).epoch()).isEqualTo(7);
        assertThat(factory.status(room, SERVES, done(room), Optional.empty()).epoch())
                .isEqualTo(7);
    }

    @ParameterizedTest
    @CsvSource({"0,0", "0.004,0", "0.017,0.02", "0.5,0.5", "9.84,9.8", "10.0,10", "99.96,100", "1234.4,1234"})
    void writesRatesWithDigitsThatMeanSomething(double rate, String text) {
        assertThat(RoomStatusFactory.rate(rate)).isEqualTo(text);
    }

    private static Condition ready(WaitingRoomStatus status) {
        return ConditionSet.find(status.conditions(), "Ready").orElseThrow();
    }

    private static Done done(WaitingRoom room) {
        return new Done(Policies.of(room), SiteFactory.of(room.getSpec(), SiteSources.NONE));
    }

    private static WaitingRoom room(String mode) {
        return room(mode, "");
    }

    private static WaitingRoom room(String mode, String limit) {
        return Serialization.unmarshal("""
                apiVersion: waitingroom.dev/v1alpha1
                kind: WaitingRoom
                metadata: {name: concert, namespace: shop, uid: u, generation: 3}
                spec:
                  eventId: evt_1
                  mode: %s
                  admission: {rate: 20, periodSeconds: 60, burst: 5%s}
                """.formatted(mode, limit), WaitingRoom.class);
    }
}
