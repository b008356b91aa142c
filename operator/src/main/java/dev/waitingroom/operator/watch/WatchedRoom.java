package dev.waitingroom.operator.watch;

import dev.waitingroom.operator.ops.LogKeys;
import dev.waitingroom.queue.GatewayId;
import dev.waitingroom.queue.RoomId;
import dev.waitingroom.queue.policy.Policy;
import dev.waitingroom.queue.redis.QueueRedis;
import dev.waitingroom.queue.site.SiteText;
import dev.waitingroom.queue.store.RedisUnavailableException;
import dev.waitingroom.queue.store.RoomControl.Applied;
import dev.waitingroom.queue.store.RoomRegistration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A watched room: keeps its policy in Redis. */
final class WatchedRoom {
    private static final Logger LOGGER = LoggerFactory.getLogger(WatchedRoom.class);

    final RoomId id;
    final GatewayId gateway;
    final ChangeThrottle<RoomObservation> told = new ChangeThrottle<>();
    volatile Policy policy;
    volatile SiteText site;
    volatile Optional<RoomObservation> observation = Optional.empty();
    /** False if there is a problem that the watch cannot solve. The reconciler then finds the cause. */
    volatile boolean intact = true;
    /** The latest known epoch of the line, on any Redis. */
    final AtomicLong knownEpoch = new AtomicLong();

    private final RoomTrend trend = new RoomTrend();
    private boolean ended;

    WatchedRoom(RoomId id, GatewayId gateway, Policy policy, SiteText site) {
        this.id = id;
        this.gateway = gateway;
        this.policy = policy;
        this.site = site;
    }

    /** Restores lost data and reads the numbers. Does nothing after {@link #end}. */
    synchronized void look(QueueRedis redis, List<RoomRegistration> listed, WatchListener listener)
            throws RedisUnavailableException {
        if (ended || !intact) {
            return;
        }
        Policy wanted = policy;
        var place = new RoomRegistration(wanted.eventId(), id, wanted.incarnation());
        if (!listed.contains(place)) {
            if (redis.gatewayControl().register(gateway, place).isPresent()) {
                handOver(listener); // another room has the event id
                return;
            }
            restored("its place on the gateway's list", listener);
        }
        Applied applied = redis.roomControl().apply(id, wanted, Optional.of(site), false, knownEpoch.get());
        if (applied == Applied.WRITTEN) {
            restored("its policy", listener);
        } else if (applied == Applied.NEWER_PRESENT && wanted.equals(policy)) {
            handOver(listener);
            return;
        }
        observation = redis.roomControl().figures(id).map(figures -> trend.observe(figures, wanted));
        observation.ifPresent(seen -> knew(seen.epoch()));
    }

    /** The line has had this epoch. */
    void knew(long epoch) {
        knownEpoch.accumulateAndGet(epoch, Math::max);
    }

    /** Waits for a running check. Afterwards there is none. */
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
                .log("restored lost data in Redis");
        listener.roomRestored(id, what);
    }
}
