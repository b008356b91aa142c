package dev.waitingroom.operator.watch;

import dev.waitingroom.queue.GatewayId;
import dev.waitingroom.queue.redis.QueueRedis;
import dev.waitingroom.queue.store.RedisCheck;
import dev.waitingroom.queue.store.RedisUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** A watched gateway. One thread at a time uses its connection. */
final class WatchedGateway {
    private static final Duration CHECK = Duration.ofSeconds(15);

    final GatewayId id;
    final AtomicBoolean busy = new AtomicBoolean();
    final ChangeThrottle<GatewayObservation> told = new ChangeThrottle<>();
    volatile Optional<GatewayObservation> observation = Optional.empty();
    private final QueueRedis redis;
    private RedisCheck checked = new RedisCheck(Optional.empty());
    private Instant checkAgain = Instant.MIN;

    WatchedGateway(GatewayId id, QueueRedis redis) {
        this.id = id;
        this.redis = redis;
    }

    QueueRedis redis() {
        return redis;
    }

    /**
     * The properties of this Redis, and a test that it can be used. Read at first, soon after an error, and every {@link #CHECK}, since a
     * person may change them.
     *
     * @throws RedisUnavailableException if this Redis cannot be used
     */
    RedisCheck check(Instant now) throws RedisUnavailableException {
        if (!now.isBefore(checkAgain)) {
            checkAgain = Instant.MIN;
            checked = redis.gatewayControl().check(id);
            checkAgain = now.plus(CHECK);
        }
        return checked;
    }

    /** Redis has refused a call. */
    void checkSoon() {
        checkAgain = Instant.MIN;
    }
}
