package dev.waitingroom.chaos.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waitingroom.chaos.fault.Schedule.Step;
import dev.waitingroom.chaos.topology.Kind;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ScheduleTest {
    @ParameterizedTest
    @EnumSource
    void followsFromTheSeed(Kind kind) {
        assertThat(Schedule.of(3, kind, 4)).isEqualTo(Schedule.of(3, kind, 4)).isNotEqualTo(Schedule.of(4, kind, 4));
    }

    @ParameterizedTest
    @EnumSource
    void goesRoundAllFaults(Kind kind) {
        Set<Fault> seen = new HashSet<>();
        int rounds = Fault.of(kind).size();
        for (int seed = 0; seed < rounds * Kind.values().length; seed++) {
            Schedule.of(seed, kind, 4).steps().stream().map(Step::faults).forEach(seen::addAll);
        }

        assertThat(seen).containsExactlyInAnyOrderElementsOf(Fault.of(kind));
    }

    /** The number of runs in ten minutes. A second fault beside another is not guaranteed. */
    @Test
    void anyTwentySeedsHaveEveryFault() {
        Kind[] kinds = Kind.values();
        // Without faketime no clock is moved.
        Set<Fault> possible =
                Stream.of(kinds).map(Fault::of).flatMap(List::stream).collect(Collectors.toSet());
        for (int first = 0; first < 1_000; first++) {
            Set<Fault> seen = new HashSet<>();
            for (int seed = first; seed < first + 20; seed++) {
                Schedule.of(seed, kinds[seed % kinds.length], 3)
                        .steps()
                        .forEach(step -> seen.add(step.faults().getFirst()));
            }
            assertThat(seen).as("seeds from %d on", first).containsAll(possible);
        }
    }

    @ParameterizedTest
    @EnumSource
    void breaksGatewaysOrThePolicyBesideRedis(Kind kind) {
        List<Step> steps = IntStream.range(0, 40)
                .mapToObj(seed -> Schedule.of(seed, kind, 4))
                .flatMap(schedule -> schedule.steps().stream())
                .toList();

        assertThat(steps)
                .anyMatch(step -> step.faults().size() == 2)
                .allMatch(step -> step.faults().size() == 1
                        || step.faults().getFirst().mayHaveBeside(step.faults().getLast()));
    }
}
