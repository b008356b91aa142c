package dev.waitingroom.queue.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waitingroom.queue.GatewayId;
import dev.waitingroom.queue.store.QueueRedisException;
import dev.waitingroom.queue.store.RedisCheck;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RedisChecksTest {
    private static final RedisCheck SAFE = new RedisCheck(Optional.of("noeviction"));
    private static final long PERIOD = RedisChecks.PERIOD.toNanos();

    private final RedisChecks checks = new RedisChecks(new GatewayId("shop", "default"));

    @Test
    void isDueAtFirstAndThenSeldom() {
        assertThat(checks.due(5)).isTrue();

        checks.passed(SAFE, 5);

        assertThat(checks.due(4 + PERIOD)).isFalse();
        assertThat(checks.due(5 + PERIOD)).isTrue();
    }

    @Test
    void isDueAgainAtOnceAfterTrouble() {
        checks.passed(SAFE, 5);

        checks.failed(unreachable());

        assertThat(checks.due(6)).isTrue();
    }

    @Test
    void isUsableOnceACheckPassedAndWhileRedisIsOnlyGone() {
        assertThat(checks.usable()).isFalse();

        checks.passed(SAFE, 5);
        checks.failed(unreachable());

        assertThat(checks.usable()).isTrue();
        assertThat(checks.state().fault()).isEmpty();
    }

    @Test
    void tellsAPolicyThatDeletesKeysUntilItIsAnother() {
        checks.passed(new RedisCheck(Optional.of("volatile-lru")), 5);
        assertThat(checks.state()).isEqualTo(new RedisState(Optional.empty(), Optional.of("volatile-lru"), true));

        checks.passed(SAFE, 6);

        assertThat(checks.state()).isEqualTo(new RedisState(Optional.empty(), Optional.of("noeviction"), false));
    }

    private static QueueRedisException unreachable() {
        return new QueueRedisException(
                QueueRedisException.Kind.UNREACHABLE, "no answer", new IllegalStateException("no answer"));
    }
}
