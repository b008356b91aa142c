package dev.waitingroom.gateway.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waitingroom.queue.eta.Eta;
import dev.waitingroom.queue.room.TicketStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StatusChangeTest {
    private static final Eta MINUTE = new Eta(Duration.ofSeconds(60), Duration.ofSeconds(50), Duration.ofSeconds(70));
    private static final TicketStatus FAR = status(100, Optional.of(MINUTE), false, false);

    @Test
    void turnIsDueAtOnce() {
        assertThat(StatusChange.isDue(FAR, status(100, Optional.of(MINUTE), true, false), Duration.ZERO))
                .isTrue();
    }

    @Test
    void holdIsDueAtOnce() {
        assertThat(StatusChange.isDue(FAR, status(100, Optional.of(MINUTE), false, true), Duration.ZERO))
                .isTrue();
    }

    @Test
    void lostEstimateIsDueAtOnce() {
        assertThat(StatusChange.isDue(FAR, status(100, Optional.empty(), false, false), Duration.ZERO))
                .isTrue();
    }

    @Test
    void progressIsDueAfterFiveSeconds() {
        TicketStatus moved = status(99, Optional.of(MINUTE), false, false);

        assertThat(StatusChange.isDue(FAR, moved, Duration.ofMillis(4_999))).isFalse();
        assertThat(StatusChange.isDue(FAR, moved, Duration.ofSeconds(5))).isTrue();
    }

    @Test
    void otherEstimateIsProgress() {
        TicketStatus sooner = status(100, Optional.of(Eta.NOW), false, false);

        assertThat(StatusChange.isDue(FAR, sooner, Duration.ofMillis(4_999))).isFalse();
        assertThat(StatusChange.isDue(FAR, sooner, Duration.ofSeconds(5))).isTrue();
    }

    @Test
    void sameStatusIsDueWhenAPollWouldBe() {
        assertThat(StatusChange.isDue(FAR, FAR, Duration.ofSeconds(19))).isFalse();
        assertThat(StatusChange.isDue(FAR, FAR, Duration.ofSeconds(20))).isTrue();
    }

    private static TicketStatus status(long position, Optional<Eta> eta, boolean ready, boolean onHold) {
        return new TicketStatus(
                TicketStatus.State.WAITING,
                position,
                eta,
                Duration.ofSeconds(9),
                ready,
                onHold,
                Duration.ofSeconds(20),
                Instant.EPOCH);
    }
}
