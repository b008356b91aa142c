package dev.waitingroom.queue.eta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.waitingroom.queue.eta.LineTrends.Sample;
import org.junit.jupiter.api.Test;

class LineTrendsTest {
    private static final long START = 1_795_521_600_000_000L;

    private long micros = START;
    private long joined = 10_000;
    private long granted;
    private double present = 10_000;
    private final LineTrends trends = new LineTrends(sample());

    private Sample sample() {
        return new Sample(micros, joined, granted, Math.round(present));
    }

    /** Looks once a second for so long, while a share of those present goes by itself. */
    private void run(int seconds, double lambda, int joinsPerSecond, int grantsPerSecond) {
        for (int i = 0; i < seconds; i++) {
            micros += 1_000_000;
            joined += joinsPerSecond;
            granted += grantsPerSecond;
            present += joinsPerSecond - grantsPerSecond - lambda * present;
            trends.observe(sample());
        }
    }

    @Test
    void expectsNobodyToLeaveWhereNobodyDid() {
        assertThat(trends.departuresPerWaiterSecond()).isZero();
    }

    @Test
    void fewDeparturesMayBeChance() {
        run(60, 0, 0, 0);
        present -= 4;
        run(1, 0, 0, 0);
        assertThat(trends.departuresPerWaiterSecond()).isZero();

        present -= 96;
        run(1, 0, 0, 0);
        assertThat(trends.departuresPerWaiterSecond())
                .as("80 of 100 in 62 s, which fade, of 10,000")
                .isBetween(0.00013, 0.00018);
    }

    @Test
    void learnsHowFastTheyGoWhateverIsJoinedAndGranted() {
        run(60, 0.002, 40, 10);

        assertThat(trends.departuresPerWaiterSecond()).isCloseTo(0.002, within(0.0002));
    }

    @Test
    void admittedVisitorsDoNotCountAsGone() {
        run(60, 0, 0, 100);

        assertThat(trends.departuresPerWaiterSecond()).isZero();
    }

    @Test
    void followsAChangeWithinMinutes() {
        run(600, 0.002, 20, 0);

        run(540, 0.0005, 5, 0);

        assertThat(trends.departuresPerWaiterSecond()).isCloseTo(0.0005, within(0.0001));
    }

    @Test
    void lineThatWasLostTeachesNothing() {
        run(60, 0.002, 20, 0);
        double before = trends.departuresPerWaiterSecond();

        joined = 5;
        present = 5;
        micros += 1_000_000;
        trends.observe(sample());

        assertThat(trends.departuresPerWaiterSecond()).isEqualTo(before);
    }

    @Test
    void outageTeachesNothing() {
        run(60, 0.002, 20, 0);
        double before = trends.departuresPerWaiterSecond();

        present = 0;
        micros += 31_000_000;
        trends.observe(sample());

        assertThat(trends.departuresPerWaiterSecond()).isEqualTo(before);
    }

    @Test
    void isAShareWhateverTheCountersSay() {
        present = 1e9; // who slept is back
        micros += 1_000_000;
        trends.observe(sample());
        assertThat(trends.departuresPerWaiterSecond()).isZero();

        present = 0;
        micros += 1_000_000;
        trends.observe(sample());
        assertThat(trends.departuresPerWaiterSecond()).isBetween(0.0, 1.0);
    }
}
