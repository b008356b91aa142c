package dev.waitingroom.operator.watch;

import dev.waitingroom.queue.GatewayId;
import dev.waitingroom.queue.control.RedisCheck;
import dev.waitingroom.queue.control.RedisUnavailableException;
import dev.waitingroom.queue.redis.QueueRedis;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** A gateway that is looked at, by one thread at a time, over one connection. */
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
     * Whether this Redis can be used, and what it says of itself: asked at first, soon after trouble, else every {@link #CHECK}, since both
     * change by hand.
     *
     * @throws RedisUnavailableException where it cannot
     */
    RedisCheck check(Instant now) throws RedisUnavailableException {
        if (!now.isBefore(checkAgain)) {
            checkAgain = Instant.MIN;
            checked = redis.gatewayControl().check(id);
            checkAgain = now.plus(CHECK);
        }
        return checked;
    }

    /** It refused something since. */
    void checkSoon() {
        checkAgain = Instant.MIN;
    }
}
