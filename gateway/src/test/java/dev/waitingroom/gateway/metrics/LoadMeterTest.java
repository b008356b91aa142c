package dev.waitingroom.gateway.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LoadMeterTest {
    private static final long SECOND = 1_000_000_000L;

    private final AtomicLong now = new AtomicLong(77);
    private final AtomicLong cpu = new AtomicLong(5 * SECOND);
    private final LoadMeter load = new LoadMeter(now::get, cpu::get, 4, 10);

    @Test
    void countsRequestsSinceTheLastReading() {
        for (int i = 0; i < 30; i++) {
            load.request();
        }
        now.addAndGet(2 * SECOND);
        assertThat(load.requestsPerSecond()).isEqualTo(15);

        now.addAndGet(SECOND);
        assertThat(load.requestsPerSecond()).isZero();
    }

    @Test
    void readingAgainAtOnceRepeatsTheValue() {
        load.request();
        now.addAndGet(SECOND);
        assertThat(load.requestsPerSecond()).isEqualTo(1);

        now.addAndGet(1_000);
        assertThat(load.requestsPerSecond()).isEqualTo(1);
    }

    @Test
    void cpuShareIsRelativeToAllProcessors() {
        now.addAndGet(SECOND);
        cpu.addAndGet(2 * SECOND);
        assertThat(load.cpuShare()).isEqualTo(0.5);

        now.addAndGet(SECOND);
        cpu.addAndGet(9 * SECOND);
        assertThat(load.cpuShare()).isEqualTo(1);
    }

    @Test
    void streamShareIsRelativeToTheLimit() {
        for (int i = 0; i < 5; i++) {
            load.streamOpened();
        }
        load.streamEnded();

        assertThat(load.streams()).isEqualTo(4);
        assertThat(load.streamShare()).isEqualTo(0.4);
    }

    @Test
    void streamShareIsZeroWithoutStreams() {
        assertThat(new LoadMeter(now::get, cpu::get, 4, 0).streamShare()).isZero();
    }
}
