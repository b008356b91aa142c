package dev.waitingroom.gateway.ops;

import static dev.waitingroom.gateway.ops.Health.Readiness.DRAINING;
import static dev.waitingroom.gateway.ops.Health.Readiness.READY;
import static dev.waitingroom.gateway.ops.Health.Readiness.STARTING;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class HealthTest {
    private final AtomicBoolean roomsRead = new AtomicBoolean();
    private final Health health = new Health(roomsRead::get);

    @Test
    void isReadyOnceTheRoomsAreRead() {
        assertThat(health.readiness()).isEqualTo(STARTING);
        roomsRead.set(true);
        assertThat(health.readiness()).isEqualTo(READY);
    }

    @Test
    void staysReadyWhenARoomIsAddedOrRedisIsGone() {
        roomsRead.set(true);
        health.readiness();
        roomsRead.set(false);

        assertThat(health.readiness()).isEqualTo(READY);
    }

    @Test
    void isNeverReadyAgainOnceItDrains() {
        roomsRead.set(true);
        health.drain();

        assertThat(health.readiness()).isEqualTo(DRAINING);
    }
}
