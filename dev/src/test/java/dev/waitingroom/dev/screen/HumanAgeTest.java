package dev.waitingroom.dev.screen;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HumanAgeTest {
    @ParameterizedTest
    @CsvSource({
        "-5, 0s",
        "0, 0s",
        "119, 119s",
        "120, 2m",
        "150, 2m30s",
        "660, 11m",
        "10800, 3h",
        "14460, 4h1m",
        "90000, 25h",
        "200000, 2d"
    })
    void saysItAsKubectlDoes(long seconds, String expected) {
        assertThat(HumanAge.of(Duration.ofSeconds(seconds))).isEqualTo(expected);
    }
}
