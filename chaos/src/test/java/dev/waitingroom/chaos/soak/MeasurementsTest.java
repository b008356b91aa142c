package dev.waitingroom.chaos.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class MeasurementsTest {
    private final Measurements measurements = new Measurements(Duration.ofMinutes(10));

    private void hour(Measure measure, double before, double perHour) {
        measurements.add("gateway 1", measure, Duration.ofMinutes(5), before);
        for (int minute = 10; minute <= 70; minute++) {
            measurements.add("gateway 1", measure, Duration.ofMinutes(minute), 20 + perHour * (minute - 10) / 60);
        }
    }

    @Test
    void growthAboveTheLimitIsNamed() {
        hour(Measure.THREADS, 20, 5);

        assertThat(measurements.tooMuch()).containsExactly("threads of gateway 1 grew by 5.0 an hour, more than 2.0");
    }

    @Test
    void growthWithinTheLimitIsNotNamed() {
        hour(Measure.HEAP, 20, 3);

        assertThat(measurements.tooMuch()).isEmpty();
    }

    @Test
    void whatIsMeasuredWhileItWarmsUpDoesNotCount() {
        hour(Measure.FILES, 1_000, 0);

        assertThat(measurements.table())
                .contains("| gateway 1 | open files | 20.0 | 20.0 | 0.0 | 10.0 |")
                .doesNotContain("1,000");
    }
}
