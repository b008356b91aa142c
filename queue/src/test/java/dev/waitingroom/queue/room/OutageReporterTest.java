package dev.waitingroom.queue.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waitingroom.queue.RoomId;
import dev.waitingroom.queue.store.QueueRedisException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class OutageReporterTest {
    private final QueueRedisException why =
            new QueueRedisException(QueueRedisException.Kind.REFUSED, "tick: OOM", new IllegalStateException("OOM"));

    private final OutageReporter log = new OutageReporter(new RoomId("shop", "concert"), "concert");
    private long nanos;

    @Test
    void writesRefusedWhileReadsAreServedAreOneOutage() {
        assertThat(log.failed(why, nanos)).isTrue();

        for (int i = 0; i < 100; i++) {
            nanos += Duration.ofMillis(50).toNanos();
            assertThat(log.answered(nanos)).isFalse();
            assertThat(log.failed(why, nanos)).isFalse();
        }
        nanos += OutageReporter.QUIET.toNanos();
        assertThat(log.answered(nanos)).isTrue();
        assertThat(log.answered(nanos)).isFalse();
        assertThat(log.failed(why, nanos)).isTrue();
    }
}
