package dev.waitingroom.chaos.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waitingroom.chaos.fault.Schedule.Step;
import dev.waitingroom.chaos.topology.Kind;
import java.util.HashSet;
import java.util.Set;
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
            Schedule.of(seed, kind, 4).steps().stream().map(Step::fault).forEach(seen::add);
        }

        assertThat(seen).containsExactlyInAnyOrderElementsOf(Fault.of(kind));
    }
}
