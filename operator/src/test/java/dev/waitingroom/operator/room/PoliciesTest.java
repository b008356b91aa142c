package dev.waitingroom.operator.room;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.waitingroom.api.v1alpha1.WaitingRoom;
import dev.waitingroom.queue.policy.Mode;
import dev.waitingroom.queue.policy.Policy;
import dev.waitingroom.queue.policy.SessionCap;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PoliciesTest {
    @Test
    void readsEveryField() {
        Policy policy = Policies.of(room("""
                        eventId: evt_2025_1001
                        mode: Hold
                        admission: {rate: 20, periodSeconds: 60, burst: 5}
                        waiting: {ttlSeconds: 30, turnTtlSeconds: 45, maxLength: 5000000000}
                        reservation: {ttlSeconds: 77}
                        message: Sold out.
                        """));

        assertThat(policy)
                .isEqualTo(new Policy(
                        "evt_2025_1001",
                        Policies.incarnation("uid-1"),
                        7,
                        Mode.HOLD,
                        20,
                        Duration.ofSeconds(60),
                        5,
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(45),
                        OptionalLong.of(5_000_000_000L),
                        Duration.ofSeconds(77),
                        "Sold out."));
    }

    @Test
    void hasTheDefaultsOfTheSchema() {
        Policy policy = Policies.of(room("admission: {rate: 10, burst: 100}"));

        assertThat(policy)
                .isEqualTo(new Policy(
                        "concert",
                        Policies.incarnation("uid-1"),
                        7,
                        Mode.QUEUE,
                        10,
                        Duration.ofSeconds(1),
                        100,
                        Duration.ofSeconds(300),
                        Duration.ofSeconds(900),
                        OptionalLong.empty(),
                        Duration.ofSeconds(120),
                        ""));
    }

    @Test
    void limitsSessionsForAsLongAsAVisitorMayStay() {
        String limited =
                "admission: {rate: 10, burst: 100, maxActive: 500}\nreservation: {ttlSeconds: 77, sessionSeconds: 600}\n";

        assertThat(Policies.of(room(limited)).cap()).contains(new SessionCap(500, Duration.ofSeconds(77)));
        assertThat(Policies.of(room(limited + "protect: {service: {name: shop, port: 80}}"))
                        .cap())
                .contains(new SessionCap(500, Duration.ofSeconds(600)));
    }

    @ParameterizedTest
    @CsvSource({"Queue,QUEUE", "Hold,HOLD", "Pass,PASS", "Reject,REJECT"})
    void knowsEveryMode(String written, Mode mode) {
        assertThat(Policies.of(room("mode: " + written + "\nadmission: {rate: 1, burst: 1}"))
                        .mode())
                .isEqualTo(mode);
    }

    @Test
    void namesTheFieldThatAnUncheckedObjectHasWrong() {
        assertThatThrownBy(() -> Policies.of(room("admission: {rate: 0, burst: 1}")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("rate");
        assertThatThrownBy(() -> Policies.of(room("admission: {burst: 1}")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("spec.admission.rate");
        assertThatThrownBy(() -> Policies.of(room("mode: Hold")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("spec.admission");
    }

    @Test
    void tellsObjectsOfTheSameNameApart() {
        assertThat(Policies.incarnation("uid-1"))
                .isEqualTo(Policies.incarnation("uid-1"))
                .isNotEqualTo(Policies.incarnation("uid-2"))
                .isBetween(0L, (1L << 53) - 1);
    }

    private static WaitingRoom room(String spec) {
        return Serialization.unmarshal(
                "apiVersion: waitingroom.dev/v1alpha1\nkind: WaitingRoom\nmetadata: {name: concert, namespace: shop, uid: uid-1, generation: 7}\nspec:\n"
                        + spec.indent(2),
                WaitingRoom.class);
    }
}
