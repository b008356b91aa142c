package dev.waitingroom.gateway.api;

import static dev.waitingroom.gateway.api.Health.Readiness.DRAINING;
import static dev.waitingroom.gateway.api.Health.Readiness.READY;
import static dev.waitingroom.gateway.api.Health.Readiness.STARTING;
import static org.assertj.core.api.Assertions.assertThat;

import dev.waitingroom.queue.store.RedisFault;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class HealthTest {
    private final AtomicBoolean roomsRead = new AtomicBoolean();
    private Optional<RedisFault> fault = Optional.empty();
    private final Health health = new Health(roomsRead::get, () -> fault);

    @Test
    void isReadyOnceAllRoomsAreRead() {
        assertThat(health.readiness()).isEqualTo(STARTING);
        roomsRead.set(true);
        assertThat(health.readiness()).isEqualTo(READY);
    }

    @Test
    void staysReadyWhenARoomIsAddedOrRedisIsUnreachable() {
        roomsRead.set(true);
        health.readiness();
        roomsRead.set(false);

        assertThat(health.readiness()).isEqualTo(READY);
    }

    @Test
    void isNotReadyAgainOnceItDrains() {
        roomsRead.set(true);
        health.drain();

        assertThat(health.readiness()).isEqualTo(DRAINING);
    }

    @Test
    void namesTheFaultOfRedisWhileStarting() {
        assertThat(health.starting()).isEqualTo("not all rooms have been read yet");

        fault = Optional.of(RedisFault.COMMAND_REFUSED);

        assertThat(health.starting()).isEqualTo("not all rooms have been read yet: CommandRefused");
    }
}
