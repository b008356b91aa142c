package dev.waitingroom.queue.room;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ServerClockTest {
    private static final long SERVER = 1_795_521_600_000_000L;

    private long nanos = 77;
    private final ServerClock clock = new ServerClock(() -> nanos);

    private void pass(Duration time) {
        nanos += time.toNanos();
    }

    @Test
    void isZeroBeforeTheFirstAnswer() {
        pass(Duration.ofSeconds(5));

        assertThat(clock.micros()).isZero();
    }

    @Test
    void goesOnFromTheLastAnswer() {
        clock.heard(SERVER);
        pass(Duration.ofMillis(250));

        assertThat(clock.micros()).isEqualTo(SERVER + 250_000);
    }

    @Test
    void answerThatTookLongerDoesNotSetItBack() {
        clock.heard(SERVER);
        pass(Duration.ofMillis(250));
        clock.heard(SERVER + 50_000);

        assertThat(clock.micros()).isEqualTo(SERVER + 250_000);
    }

    @Test
    void answerThatWasFasterSetsItForward() {
        clock.heard(SERVER);
        pass(Duration.ofMillis(250));
        clock.heard(SERVER + 260_000);

        assertThat(clock.micros()).isEqualTo(SERVER + 260_000);
    }

    @Test
    void followsAServerWhoseClockWentBack() {
        clock.heard(SERVER);
        pass(Duration.ofMillis(250));
        clock.heard(SERVER - 2_000_000);

        assertThat(clock.micros()).isEqualTo(SERVER - 2_000_000);
    }

    /** 500 µs a second is what NTP slews by at most. */
    @Test
    void clocksThatPartNeverPartByMoreThanMilliseconds() {
        for (int second = 0; second < 1_000; second++) {
            long server = SERVER + second * 999_500L;
            clock.heard(server);

            assertThat(clock.micros() - server).isBetween(0L, 6_000L);
            pass(Duration.ofSeconds(1));
        }
    }
}
