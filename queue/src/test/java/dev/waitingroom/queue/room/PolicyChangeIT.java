package dev.waitingroom.queue.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waitingroom.queue.policy.Mode;
import dev.waitingroom.queue.policy.Policy;
import dev.waitingroom.queue.redis.TestRoom;
import dev.waitingroom.queue.testing.RedisExtension;
import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A changed policy costs nobody a place who polls when told to. Hours of two gateways' life, in virtual time. */
class PolicyChangeIT {
    @RegisterExtension
    static final RedisExtension REDIS = new RedisExtension();

    private TestRoom redis;

    @BeforeEach
    void open() {
        redis = TestRoom.on(REDIS.redis());
    }

    @AfterEach
    void close() {
        redis.close();
    }

    private static Policy policy(long generation, int rate, int periodSeconds, int burst, int ttl, int turnTtl) {
        return new Policy(
                "evt",
                1,
                generation,
                Mode.QUEUE,
                rate,
                Duration.ofSeconds(periodSeconds),
                burst,
                Duration.ofSeconds(ttl),
                Duration.ofSeconds(turnTtl),
                OptionalLong.empty(),
                Duration.ofSeconds(120),
                "");
    }

    @Test
    void aRateThatFallsFourThousandfoldCostsNobodyTheirPlace() {
        SimulatedRoom room = new SimulatedRoom(redis, policy(1, 200, 1, 100, 300, 900), 2, 1);
        room.join(1_500);

        room.apply(policy(2, 1, 20, 100, 300, 900));
        room.time().run(Duration.ofMinutes(20));

        assertThat(room.lost()).isEmpty();
    }
}
