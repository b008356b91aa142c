package dev.waitingroom.operator.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.waitingroom.queue.store.PodReport;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ScalingTest {
    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");
    private static final Bounds BOUNDS = new Bounds(2, 20, 1_000, Duration.ofSeconds(300));
    private static final Demand NOTHING = new Demand(0, 0, 0, 0);

    @Test
    void hasAPodForEachTargetOfRequests() {
        assertThat(two().next(new Demand(4_001, 0, 0, 0), BOUNDS, NOW).replicas())
                .isEqualTo(5);
    }

    @Test
    void expectsThoseWhoWaitBeforeTheyWereHeard() {
        assertThat(two().next(new Demand(0, 0, 0, 300_000), BOUNDS, NOW).replicas())
                .isEqualTo(10);
    }

    @Test
    void growsWhereProcessorsAreBusierThanTheTargetKnew() {
        assertThat(two().next(new Demand(1_500, 1.9, 0, 0), BOUNDS, NOW).replicas())
                .isEqualTo(3);
    }

    @Test
    void growsBeforePodsCanOpenNoMoreStreams() {
        assertThat(two().next(new Demand(0, 0, 1.6, 0), BOUNDS, NOW).replicas()).isEqualTo(2);
        assertThat(two().next(new Demand(0, 0, 1.7, 0), BOUNDS, NOW).replicas()).isEqualTo(3);
    }

    @Test
    void shrinksOnlyAfterTheWholeWindow() {
        Scaling five = two().next(new Demand(5_000, 0, 0, 0), BOUNDS, NOW);

        assertThat(five.next(NOTHING, BOUNDS, NOW.plusSeconds(299)).replicas()).isEqualTo(5);
        assertThat(five.next(NOTHING, BOUNDS, NOW.plusSeconds(300)).replicas()).isEqualTo(2);
    }

    @Test
    void shrinksInStepsAsPeaksGrowOld() {
        Scaling scaling = two().next(new Demand(8_000, 0, 0, 0), BOUNDS, NOW)
                .next(new Demand(5_000, 0, 0, 0), BOUNDS, NOW.plusSeconds(100))
                .next(NOTHING, BOUNDS, NOW.plusSeconds(200));

        Scaling later = scaling.next(NOTHING, BOUNDS, NOW.plusSeconds(301));

        assertThat(scaling.replicas()).isEqualTo(8);
        assertThat(later.replicas()).isEqualTo(5);
        assertThat(later.next(NOTHING, BOUNDS, NOW.plusSeconds(401)).replicas()).isEqualTo(2);
    }

    @Test
    void keepsWhatIsThereWhereNothingIsKnownOfThePast() {
        Scaling after = Scaling.from(7, NOW).next(NOTHING, BOUNDS, NOW.plusSeconds(10));

        assertThat(after.replicas()).isEqualTo(7);
    }

    @Test
    void obeysNewBoundsAtOnce() {
        var narrow = new Bounds(3, 4, 1_000, Duration.ofSeconds(300));

        assertThat(Scaling.from(9, NOW).next(NOTHING, narrow, NOW).replicas()).isEqualTo(4);
        assertThat(Scaling.from(1, NOW).next(NOTHING, narrow, NOW).replicas()).isEqualTo(3);
    }

    @Test
    void doesNotCountTheProcessorsOfAPodThatOnlyStarts() {
        var starting = report("a", 0, 1.0, 0.25);
        var serving = report("b", 900, 0.5, 1);

        assertThat(Demand.of(List.of(starting, serving), 17, 1_000)).isEqualTo(new Demand(900, 0.5, 1.25, 17));
    }

    @Test
    void keepsItsSizeOnTheDemandThatIsMadeForThat() {
        assertThat(Scaling.from(6, NOW)
                        .next(Demand.toKeep(6, 1_000), BOUNDS, NOW.plusSeconds(10_000))
                        .replicas())
                .isEqualTo(6);
    }

    @Test
    void refusesBoundsThatCross() {
        assertThatThrownBy(() -> new Bounds(3, 2, 1, Duration.ZERO)).hasMessageContaining("replicas.min");
    }

    private static Scaling two() {
        return Scaling.from(2, NOW.minusSeconds(10_000));
    }

    private static PodReport report(String pod, double requests, double cpu, double streams) {
        return new PodReport(pod, "1", NOW, requests, cpu, streams, 0, Map.of());
    }
}
