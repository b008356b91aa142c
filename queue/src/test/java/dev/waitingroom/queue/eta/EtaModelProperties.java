package dev.waitingroom.queue.eta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

class EtaModelProperties {
    @Property(tries = 500)
    void isWhatTheEquationComesToStepByStep(
            @ForAll @IntRange(max = 1_000_000) int ahead,
            @ForAll @IntRange(max = 10_000) int tokens,
            @ForAll @DoubleRange(min = 0.01, max = 1_000) double rate,
            @ForAll @DoubleRange(max = 0.05) double lambda) {
        double expected = (double)
                EtaModel.estimate(ahead, tokens, rate, lambda).expected().toSeconds();

        double integrated = integrate(Math.max(0, ahead + 1 - tokens), rate, lambda);
        assertThat(expected).isCloseTo(integrated, within(1 + integrated / 1_000));
    }

    /** When P is gone, P' = −rate − λP, by Runge and Kutta's fourth order, half a percent of P at a time. */
    private static double integrate(double people, double rate, double lambda) {
        double left = people;
        double seconds = 0;
        while (left > 1e-3) {
            double step = 0.005 * left / (rate + lambda * left);
            double k1 = -rate - lambda * left;
            double k2 = -rate - lambda * (left + step / 2 * k1);
            double k3 = -rate - lambda * (left + step / 2 * k2);
            double k4 = -rate - lambda * (left + step * k3);
            left += step / 6 * (k1 + 2 * k2 + 2 * k3 + k4);
            seconds += step;
        }
        return seconds + left / rate;
    }

    @Property(tries = 500)
    void fewerAheadAndMoreLeavingMakeItSooner(
            @ForAll @IntRange(max = 1_000_000) int ahead,
            @ForAll @IntRange(max = 1_000_000) int fewer,
            @ForAll @DoubleRange(min = 0.01, max = 1_000) double rate,
            @ForAll @DoubleRange(max = 0.05) double lambda,
            @ForAll @DoubleRange(max = 0.05) double more) {
        Duration now = EtaModel.estimate(ahead, 0, rate, lambda).expected();

        assertThat(EtaModel.estimate(Math.max(0, ahead - fewer), 0, rate, lambda)
                        .expected())
                .isLessThanOrEqualTo(now);
        assertThat(EtaModel.estimate(ahead, fewer, rate, lambda).expected()).isLessThanOrEqualTo(now);
        assertThat(EtaModel.estimate(ahead, 0, rate, lambda + more).expected()).isLessThanOrEqualTo(now);
        assertThat(EtaModel.estimate(ahead, 0, rate * 2, lambda).expected()).isLessThanOrEqualTo(now);
    }

    @Property(tries = 500)
    void bandHoldsTheEstimateAndNarrowsWithTheCrowd(
            @ForAll @IntRange(min = 10, max = 1_000_000) int ahead,
            @ForAll @DoubleRange(min = 0.01, max = 1_000) double rate,
            @ForAll @DoubleRange(max = 0.05) double lambda) {
        Eta eta = EtaModel.estimate(ahead, 0, rate, lambda);
        double band = 0.15 + 1.5 / Math.sqrt(ahead + 1);
        double seconds = eta.expected().toSeconds();

        assertThat(eta.earliest()).isLessThanOrEqualTo(eta.expected());
        assertThat(eta.latest()).isGreaterThanOrEqualTo(eta.expected());
        assertThat((double) eta.earliest().toSeconds()).isCloseTo(seconds * (1 - band), within(2.0));
        assertThat((double) eta.latest().toSeconds()).isCloseTo(seconds * (1 + band), within(2.0));
    }

    @Example
    void comingAreTheShareThatCameButNoMoreThanAreThere() {
        assertThat(EtaModel.coming(1_000, 1_000, 0.1)).isEqualTo(100);
        assertThat(EtaModel.coming(1_000, 120, 0.1)).isEqualTo(100);
        assertThat(EtaModel.coming(1_000, 80, 0.1)).isEqualTo(80);
        assertThat(EtaModel.coming(0, 0, 1)).isZero();
    }

    @Example
    void nobodyWaitsWhereThereAreTokensForAll() {
        assertThat(EtaModel.estimate(99, 100, 0.5, 0.001))
                .isEqualTo(new Eta(Duration.ZERO, Duration.ZERO, Duration.ZERO));
    }

    /** The formula's limit: a share of nobody that leaves must not divide by it. */
    @Example
    void lineThatNobodyLeavesIsPositionByRate() {
        assertThat(EtaModel.estimate(999, 0, 10, 0).expected()).isEqualTo(Duration.ofSeconds(100));
        assertThat(EtaModel.estimate(999, 0, 10, 1e-9).expected()).isEqualTo(Duration.ofSeconds(100));
        assertThat(EtaModel.estimate(999, 0, 10, 1e-7).expected()).isEqualTo(Duration.ofSeconds(100));
    }
}
