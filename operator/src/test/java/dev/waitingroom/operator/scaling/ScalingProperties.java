package dev.waitingroom.operator.scaling;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class ScalingProperties {
    private static final Instant START = Instant.parse("2026-11-24T10:00:00Z");

    /** The demand, some seconds after the last step. */
    record Step(int seconds, Demand demand) {}

    @Provide
    Arbitrary<Bounds> bounds() {
        return Combinators.combine(
                        Arbitraries.integers().between(1, 10),
                        Arbitraries.integers().between(0, 50),
                        Arbitraries.integers().between(1, 10_000),
                        Arbitraries.integers().between(0, 600))
                .as((min, more, target, down) -> new Bounds(min, min + more, target, Duration.ofSeconds(down)));
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        return Combinators.combine(
                        Arbitraries.integers().between(1, 120),
                        Arbitraries.doubles().between(0, 100_000),
                        Arbitraries.doubles().between(0, 60),
                        Arbitraries.doubles().between(0, 60),
                        Arbitraries.longs().between(0, 10_000_000))
                .as((seconds, requests, cpus, streams, waiting) ->
                        new Step(seconds, new Demand(requests, cpus, streams, waiting)))
                .list()
                .ofMinSize(1)
                .ofMaxSize(60);
    }

    @Property
    void staysWithinItsBounds(@ForAll("bounds") Bounds bounds, @ForAll("steps") List<Step> steps) {
        assertThat(play(bounds, steps)).allSatisfy(scaling -> {
            assertThat(scaling.replicas()).isBetween(bounds.min(), bounds.max());
            assertThat(scaling.calledFor()).isBetween(bounds.min(), bounds.max());
        });
    }

    @Property
    void growsAtOnceToWhatIsCalledFor(@ForAll("bounds") Bounds bounds, @ForAll("steps") List<Step> steps) {
        assertThat(play(bounds, steps))
                .allSatisfy(scaling -> assertThat(scaling.replicas()).isGreaterThanOrEqualTo(scaling.calledFor()));
    }

    @Property
    void isAlwaysTheMostThatWasCalledForLately(@ForAll("bounds") Bounds bounds, @ForAll("steps") List<Step> steps) {
        List<Scaling> decisions = play(bounds, steps);
        Instant now = START;
        var moments = new ArrayList<Scaling.Moment>();
        for (int i = 0; i < steps.size(); i++) {
            now = now.plusSeconds(steps.get(i).seconds);
            moments.add(new Scaling.Moment(now, decisions.get(i).calledFor()));
            Instant horizon = now.minus(bounds.scaleDownAfter());
            int most = moments.stream()
                    .filter(moment -> moment.at().isAfter(horizon) || moment.equals(moments.getLast()))
                    .mapToInt(Scaling.Moment::pods)
                    .max()
                    .orElseThrow();

            assertThat(decisions.get(i).replicas()).isEqualTo(most);
        }
    }

    @Property
    void remembersNoMoreThanItNeeds(@ForAll("bounds") Bounds bounds, @ForAll("steps") List<Step> steps) {
        assertThat(play(bounds, steps))
                .allSatisfy(scaling ->
                        assertThat(scaling.history()).hasSizeLessThanOrEqualTo(bounds.max() - bounds.min() + 1));
    }

    /** Starts from a gateway of its smallest size, long ago. */
    private static List<Scaling> play(Bounds bounds, List<Step> steps) {
        var decisions = new ArrayList<Scaling>();
        Scaling scaling = Scaling.from(bounds.min(), START.minusSeconds(100_000));
        Instant now = START;
        for (Step step : steps) {
            now = now.plusSeconds(step.seconds);
            scaling = scaling.next(step.demand, bounds, now);
            decisions.add(scaling);
        }
        return decisions;
    }
}
