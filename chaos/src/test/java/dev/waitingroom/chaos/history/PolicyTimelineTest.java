package dev.waitingroom.chaos.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waitingroom.queue.policy.Mode;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class PolicyTimelineTest {
    private static final long SECOND = 1_000_000;

    /** ttl 20 s, from 100 s on 8 s, from 200 s on 30 s. */
    private static final PolicyTimeline THREE =
            new PolicyTimeline(List.of(policy(0, 20), policy(100, 8), policy(200, 30)));

    private static PolicyInForce policy(long second, int ttlSeconds) {
        return new PolicyInForce(
                second * SECOND,
                (second + 1) * SECOND,
                Mode.QUEUE,
                1,
                1,
                Duration.ofSeconds(ttlSeconds),
                Duration.ofSeconds(60),
                Duration.ofSeconds(60));
    }

    private static long earliestEnd(long began) {
        return THREE.earliestEnd(began * SECOND, PolicyInForce::ttl) / SECOND;
    }

    @Test
    void silenceMayCostAPlaceAsSoonAsAPolicyInForceSaysSo() {
        assertThat(earliestEnd(10)).isEqualTo(30);
        assertThat(earliestEnd(85)).as("the shorter ttl is decided first").isEqualTo(100);
        assertThat(earliestEnd(97)).isEqualTo(105);
        assertThat(earliestEnd(150)).isEqualTo(158);
        assertThat(earliestEnd(197)).as("the longer ttl may come in time").isEqualTo(227);
        assertThat(earliestEnd(300)).isEqualTo(330);
    }

    @Test
    void theSilentAreGoneByATtlAndAHalfAndLaterWhereItChanges() {
        assertThat(THREE.goneBy(10 * SECOND)).isEqualTo(41 * SECOND);
        assertThat(THREE.goneBy(85 * SECOND)).as("not by the old ttl alone").isEqualTo((101 + 6 + 13) * SECOND);
        assertThat(THREE.goneBy(300 * SECOND)).isEqualTo(346 * SECOND);
    }

    @Test
    void onePolicyIsSurelyInForceBetweenTwoChanges() {
        assertThat(THREE.inForce(106 * SECOND, 199 * SECOND, 5 * SECOND))
                .contains(THREE.policies().get(1));
        assertThat(THREE.inForce(105 * SECOND, 199 * SECOND, 5 * SECOND)).isEmpty();
        assertThat(THREE.inForce(106 * SECOND, 200 * SECOND, 5 * SECOND)).isEmpty();
    }
}
