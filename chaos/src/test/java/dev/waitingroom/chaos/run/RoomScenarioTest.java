package dev.waitingroom.chaos.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RoomScenarioTest {
    private static List<RoomScenario> limited(long seed) {
        return RoomScenario.of(seed, 30).stream()
                .filter(room -> room.policy().cap().isPresent())
                .toList();
    }

    @Test
    void oneRoomOfEachRunLimitsItsSessions() {
        LongStream.range(0, 60)
                .forEach(seed -> assertThat(limited(seed))
                        .singleElement()
                        .satisfies(room -> assertThat(room.sessions()).isPresent()));
    }

    @Test
    void twentySeedsLimitEachOfTheRooms() {
        assertThat(LongStream.range(7_000, 7_020)
                        .mapToObj(seed -> limited(seed * 10).getFirst().policy().eventId())
                        .collect(Collectors.toSet()))
                .containsExactlyInAnyOrder("quick", "slow", "steady");
    }

    @Test
    void seedDecidesTheLimit() {
        assertThat(limited(3)).isEqualTo(limited(3));
    }
}
