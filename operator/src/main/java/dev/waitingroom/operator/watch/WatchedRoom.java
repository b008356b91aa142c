package dev.waitingroom.operator.watch;

import dev.waitingroom.operator.ops.LogKeys;
import dev.waitingroom.queue.GatewayId;
import dev.waitingroom.queue.RoomId;
import dev.waitingroom.queue.control.RedisUnavailableException;
import dev.waitingroom.queue.control.RoomControl.Applied;
import dev.waitingroom.queue.control.RoomRegistration;
import dev.waitingroom.queue.policy.Policy;
import dev.waitingroom.queue.redis.QueueRedis;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A room that is kept in Redis as its object says. */
final class WatchedRoom {
    private static final Logger LOGGER = LoggerFactory.getLogger(WatchedRoom.class);

    final RoomId id;
    final GatewayId gateway;
    final ChangeThrottle<RoomObservation> told = new ChangeThrottle<>();
    volatile Policy policy;
    volatile Optional<RoomObservation> observation = Optional.empty();
    /** False where something is in the way that the watch cannot mend: the reconciler finds out what. */
    volatile boolean intact = true;
    /** The latest epoch that the line is known to have had, on whichever Redis. */
    final AtomicLong knownEpoch = new AtomicLong();

    private final RoomTrend trend = new RoomTrend();
    private boolean ended;

    WatchedRoom(RoomId id, GatewayId gateway, Policy policy) {
        this.id = id;
        this.gateway = gateway;
        this.policy = policy;
    }

    /** Mends what is amiss and reads the figures; nothing once {@link #end} was called. */
    synchronized void look(QueueRedis redis, List<RoomRegistration> listed, WatchListener listener)
            throws RedisUnavailableException {
        if (ended || !intact) {
            return;
        }
        Policy wanted = policy;
        var place = new RoomRegistration(wanted.eventId(), id, wanted.incarnation());
        if (!listed.contains(place)) {
            if (redis.gatewayControl().register(gateway, place).isPresent()) {
                handOver(listener); // somebody else's now
                return;
            }
            restored("its place on the gateway's list", listener);
        }
        Applied applied = redis.roomControl().apply(id, wanted, false, knownEpoch.get());
        if (applied == Applied.WRITTEN) {
            restored("its policy", listener);
        } else if (applied == Applied.NEWER_PRESENT && wanted.equals(policy)) {
            handOver(listener);
            return;
        }
        observation = redis.roomControl().figures(id).map(figures -> trend.observe(figures, wanted));
        observation.ifPresent(seen -> knew(seen.epoch()));
    }

    /** The line is known to have had this epoch. */
    void knew(long epoch) {
        knownEpoch.accumulateAndGet(epoch, Math::max);
    }

    /** Waits for a look that is under way; there is none afterwards. */
    synchronized void end() {
        ended = true;
    }

    private void handOver(WatchListener listener) {
        intact = false;
        listener.roomChanged(id);
    }

    private void restored(String what, WatchListener listener) {
        LOGGER.atWarn()
                .addKeyValue(LogKeys.ROOM, id)
                .addKeyValue(LogKeys.EVENT_ID, policy.eventId())
                .addKeyValue(LogKeys.DETAIL, what)
                .log("put back into Redis");
        listener.roomRestored(id, what);
    }
}
