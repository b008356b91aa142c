package dev.waitingroom.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LogThrottleTest {
    private static final long SECOND = 1_000_000_000L;

    private final LogThrottle throttle = new LogThrottle(Duration.ofSeconds(1));

    @Test
    void letsTheFirstThroughWhateverTheClockSays() {
        assertThat(throttle.pass(-5 * SECOND)).isZero();
        assertThat(new LogThrottle(Duration.ofSeconds(1)).pass(Long.MAX_VALUE)).isZero();
    }

    @Test
    void holdsBackUntilTheTimeIsOverAndTellsHowMany() {
        throttle.pass(0);

        assertThat(throttle.pass(1)).isEqualTo(LogThrottle.HELD_BACK);
        assertThat(throttle.pass(SECOND - 1)).isEqualTo(LogThrottle.HELD_BACK);
        assertThat(throttle.pass(SECOND)).isEqualTo(2);
        assertThat(throttle.pass(2 * SECOND)).isZero();
    }
}
