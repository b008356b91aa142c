package dev.waitingroom.queue.room;

import dev.waitingroom.queue.GatewayId;
import dev.waitingroom.queue.LogKeys;
import dev.waitingroom.queue.store.QueueRedisException;
import dev.waitingroom.queue.store.RedisCheck;
import dev.waitingroom.queue.store.RedisFault;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether Redis runs all needed commands and keeps its keys. Checked seldom, since both change by hand; logged once. Use it on the
 * gateway's thread, except for {@link #state} and {@link #usable}.
 */
final class RedisChecks {
    static final Duration PERIOD = Duration.ofSeconds(15);

    private static final Logger LOGGER = LoggerFactory.getLogger(RedisChecks.class);

    private final GatewayId gateway;
    private volatile RedisState state = RedisState.UNKNOWN;
    private volatile boolean passed;
    private Optional<Long> doneNanos = Optional.empty();

    RedisChecks(GatewayId gateway) {
        this.gateway = gateway;
    }

    RedisState state() {
        return state;
    }

    /** Whether the last check passed. False before the first one. */
    boolean usable() {
        return passed && state.fault().isEmpty();
    }

    /** Whether to check now: at the start, soon after a failure, else after {@link #PERIOD}. */
    boolean due(long nowNanos) {
        return doneNanos.isEmpty() || nowNanos - doneNanos.get() >= PERIOD.toNanos();
    }

    void passed(RedisCheck check, long nowNanos) {
        doneNanos = Optional.of(nowNanos);
        passed = true;
        RedisState before = state;
        state = new RedisState(
                Optional.empty(), check.evictionPolicy(), check.evicting().isPresent());
        if (before.fault().isPresent()) {
            LOGGER.atInfo().addKeyValue(LogKeys.GATEWAY, gateway).log("Redis can be used");
        }
        if (!before.evictionPolicy().equals(state.evictionPolicy())) {
            check.evicting()
                    .ifPresent(policy -> LOGGER.atWarn()
                            .addKeyValue(LogKeys.GATEWAY, gateway)
                            .addKeyValue(LogKeys.CAUSE, RedisCheck.EVICTING_REASON)
                            .addKeyValue(LogKeys.DETAIL, RedisCheck.evictionFix(policy))
                            .log("Redis may delete keys of a line"));
        }
    }

    /** A check failed. An unreachable Redis is logged elsewhere, since the gateway's list cannot be read either. */
    void failed(QueueRedisException why) {
        doneNanos = Optional.empty();
        if (why.fault() == RedisFault.UNREACHABLE || why.fault() == RedisFault.REFUSED) {
            return;
        }
        RedisState before = state;
        state = new RedisState(Optional.of(why.fault()), before.evictionPolicy(), before.evicting());
        if (!before.fault().equals(state.fault())) {
            LOGGER.atWarn()
                    .addKeyValue(LogKeys.GATEWAY, gateway)
                    .addKeyValue(LogKeys.CAUSE, why.fault().reason())
                    .addKeyValue(
                            LogKeys.DETAIL,
                            why.getMessage() + ": " + why.fault().fix())
                    .log("Redis cannot be used");
        }
    }
}
