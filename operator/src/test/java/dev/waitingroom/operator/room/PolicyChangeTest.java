package dev.waitingroom.operator.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waitingroom.api.v1alpha1.WaitingRoomSpec.Mode;
import dev.waitingroom.api.v1alpha1.WaitingRoomStatus.PolicyInForce;
import org.junit.jupiter.api.Test;

class PolicyChangeTest {
    private static final PolicyInForce BEFORE =
            new PolicyInForce("10/s", 100, null, Mode.QUEUE, 300L, 900L, null, 120L, null);

    @Test
    void namesOldAndNewOfEachPart() {
        assertThat(PolicyChange.describe(
                        BEFORE, new PolicyInForce("5/60s", 50, 500, Mode.HOLD, 60L, 60L, 1_000L, 600L, "Sold out.")))
                .contains("rate from 10/s to 5/60s, burst from 100 to 50,"
                        + " admission.maxActive from none to 500, mode from Queue to Hold,"
                        + " waiting.ttlSeconds from 300 to 60, waiting.turnTtlSeconds from 900 to 60,"
                        + " waiting.maxLength from none to 1000, reservation.ttlSeconds from 120 to 600,"
                        + " message from none to \"Sold out.\"");
    }

    @Test
    void saysNothingWhereNothingDiffers() {
        assertThat(PolicyChange.describe(BEFORE, BEFORE)).isEmpty();
    }

    @Test
    void comparesOnlyWhatAnEarlierReleaseWrote() {
        var old = new PolicyInForce("10/s", 100, null, null, null, null, null, null, null);

        assertThat(PolicyChange.describe(old, BEFORE)).isEmpty();
        assertThat(PolicyChange.describe(old, new PolicyInForce("9/s", 100, 500, Mode.HOLD, 1L, 1L, null, 1L, null)))
                .contains("rate from 10/s to 9/s");
    }
}
