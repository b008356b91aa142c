package dev.waitingroom.chaos.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waitingroom.chaos.fault.Schedule.Step;
import dev.waitingroom.chaos.topology.Kind;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
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
        for (int seed = 0; seed < 6 * Kind.values().length; seed++) {
            Schedule.of(seed, kind, 4).steps().stream().map(Step::faults).forEach(seen::addAll);
        }

        assertThat(seen).containsExactlyInAnyOrderElementsOf(Fault.of(kind));
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
