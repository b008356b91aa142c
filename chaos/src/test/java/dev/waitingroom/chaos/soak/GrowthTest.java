package dev.waitingroom.chaos.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.waitingroom.chaos.soak.Growth.Point;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GrowthTest {
    @Test
    void aSteadySlopeIsFound() {
        List<Point> points = IntStream.range(0, 60)
                .mapToObj(minute -> new Point(Duration.ofMinutes(minute), 100 + minute * 0.5))
                .toList();

        assertThat(Growth.anHour(points)).isCloseTo(30, within(1e-6));
    }

    @Test
    void upAndDownIsNoGrowth() {
        List<Point> points = IntStream.rangeClosed(0, 60)
                .mapToObj(minute -> new Point(Duration.ofMinutes(minute), minute % 2 * 50))
                .toList();

        assertThat(Growth.anHour(points)).isCloseTo(0, within(1e-6));
    }

    @Test
    void onePointTellsNothing() {
        assertThat(Growth.anHour(List.of(new Point(Duration.ofMinutes(1), 5)))).isZero();
    }
}
