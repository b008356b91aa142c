package dev.waitingroom.operator.watch;

import dev.waitingroom.operator.ops.LogKeys;
import dev.waitingroom.operator.watch.GatewayObservation.Problem;
import dev.waitingroom.queue.GatewayId;
import dev.waitingroom.queue.RoomId;
import dev.waitingroom.queue.control.PodReport;
import dev.waitingroom.queue.control.RedisCheck;
import dev.waitingroom.queue.control.RedisUnavailableException;
import dev.waitingroom.queue.control.RoomRegistration;
import dev.waitingroom.queue.policy.Policy;
import dev.waitingroom.queue.redis.QueueRedis;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at Redis once a second, a thread for each gateway: puts back a policy or a place on the list that was lost or altered, and
 * tells the reconcilers when there is something for them to write. A gateway whose Redis hangs holds up no other. Thread-safe.
 *
 * <p>Numbers that only move are told every three seconds at most, more seldom where there are many rooms: the API server gets no more
 * than about {@value #STATUS_WRITES_PER_SECOND} writes a second from them.
 */
public final class RedisWatch implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(RedisWatch.class);
    private static final Duration PERIOD = Duration.ofSeconds(1);
    private static final Duration REFRESH = Duration.ofSeconds(3);
    private static final int STATUS_WRITES_PER_SECOND = 20;

    private final WatchListener listener;
    private final InstantSource clock;
    private final Map<GatewayId, WatchedGateway> gateways = new ConcurrentHashMap<>();
    private final Map<RoomId, WatchedRoom> rooms = new ConcurrentHashMap<>();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("redis-watch").factory());
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    public RedisWatch(WatchListener listener, InstantSource clock) {
        this.listener = listener;
        this.clock = clock;
    }

    /** Begins to look. */
    public void start() {
        var _ = timer.scheduleAtFixedRate(
                () -> gateways.values().forEach(this::lookInBackground),
                PERIOD.toMillis(),
                PERIOD.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    /** Watches a gateway, over this connection from now on. */
    public void watch(GatewayId gateway, QueueRedis redis) {
        gateways.compute(
                gateway,
                (id, known) -> known == null || !known.redis().equals(redis) ? new WatchedGateway(id, redis) : known);
    }

    /**
     * Watches a room whose policy has been put into Redis, and keeps it there from now on.
     *
     * @param gateway is watched too
     * @param knownEpoch the latest epoch that the line is known to have had, 0 for none
     */
    public void watch(GatewayId gateway, QueueRedis redis, RoomId room, Policy policy, long knownEpoch) {
        watch(gateway, redis);
        rooms.compute(room, (id, known) -> {
            WatchedRoom watched =
                    known == null || !known.gateway.equals(gateway) ? new WatchedRoom(id, gateway, policy) : known;
            watched.policy = policy;
            watched.intact = true;
            watched.knew(knownEpoch);
            return watched;
        });
    }

    /** The same for a line of which nothing is known yet. */
    public void watch(GatewayId gateway, QueueRedis redis, RoomId room, Policy policy) {
        watch(gateway, redis, room, policy, 0);
    }

    /** When this returns, the room is not touched any more. */
    public void forget(RoomId room) {
        WatchedRoom known = rooms.remove(room);
        if (known != null) {
            known.end();
        }
    }

    /** When this returns, the gateway is not asked again; its rooms are not kept in Redis. */
    public void forget(GatewayId gateway) {
        gateways.remove(gateway);
        roomsOf(gateway).forEach(room -> forget(room.id));
    }

    /** Whether this very policy is in Redis, as far as is known, and is kept there. */
    public boolean keeps(GatewayId gateway, QueueRedis redis, RoomId room, Policy policy) {
        WatchedRoom known = rooms.get(room);
        WatchedGateway home = gateways.get(gateway);
        return known != null
                && home != null
                && known.gateway.equals(gateway)
                && home.redis().equals(redis)
                && known.intact
                && known.policy.equals(policy);
    }

    /** Whether the room's policy has been put into Redis since the operator started. */
    public boolean watches(RoomId room) {
        return rooms.containsKey(room);
    }

    /** The latest epoch that the line was seen to have since the operator started; 0 for none. */
    public long knownEpoch(RoomId room) {
        WatchedRoom known = rooms.get(room);
        return known == null ? 0 : known.knownEpoch.get();
    }

    /** Empty until the line was seen once. */
    public Optional<RoomObservation> room(RoomId room) {
        return Optional.ofNullable(rooms.get(room)).flatMap(known -> known.observation);
    }

    /** Empty until its Redis was asked once. */
    public Optional<GatewayObservation> gateway(GatewayId gateway) {
        return Optional.ofNullable(gateways.get(gateway)).flatMap(known -> known.observation);
    }

    /** Event id → generation of the policies that are kept in Redis for a gateway. */
    public Map<String, Long> generations(GatewayId gateway) {
        var generations = new HashMap<String, Long>();
        roomsOf(gateway).forEach(room -> generations.put(room.policy.eventId(), room.policy.generation()));
        return generations;
    }

    /** Ends; looks under way are waited for, at most some seconds. */
    @Override
    public void close() {
        timer.shutdownNow();
        threads.close();
    }

    private List<WatchedRoom> roomsOf(GatewayId gateway) {
        return rooms.values().stream()
                .filter(room -> room.gateway.equals(gateway))
                .toList();
    }

    private void lookInBackground(WatchedGateway gateway) {
        if (gateway.busy.compareAndSet(false, true)) {
            threads.execute(() -> {
                try {
                    look(gateway);
                } catch (RuntimeException e) {
                    LOGGER.atError()
                            .addKeyValue(LogKeys.GATEWAY, gateway.id)
                            .setCause(e)
                            .log("looking at a gateway failed");
                } finally {
                    gateway.busy.set(false);
                }
            });
        }
    }

    private void look(WatchedGateway gateway) {
        Optional<GatewayObservation> before = gateway.observation;
        GatewayObservation now = observe(gateway, before.orElse(GatewayObservation.NONE));
        gateway.observation = Optional.of(now);
        if (!before.flatMap(GatewayObservation::evictionPolicy).equals(now.evictionPolicy())) {
            tellEviction(gateway.id, now);
        }
        if (before.isEmpty()
                || !before.get()
                        .problem()
                        .map(Problem::fault)
                        .equals(now.problem().map(Problem::fault))) {
            tellReachability(gateway.id, now);
        } else if (gateway.told.due(clock.instant(), refresh(gateways.size()), now)) {
            listener.gatewayChanged(gateway.id);
        }
    }

    private GatewayObservation observe(WatchedGateway gateway, GatewayObservation before) {
        QueueRedis redis = gateway.redis();
        // Before the list is read: whoever is watched later may be on it since.
        List<WatchedRoom> kept = roomsOf(gateway.id);
        try {
            RedisCheck check = gateway.check(clock.instant());
            List<RoomRegistration> listed = redis.gatewayControl().rooms(gateway.id);
            List<PodReport> reports = redis.gatewayControl().reports(gateway.id);
            try (ExecutorService side = Executors.newVirtualThreadPerTaskExecutor()) {
                kept.forEach(room -> side.execute(() -> look(redis, room, listed)));
            }
            long waiting = kept.stream()
                    .flatMap(room -> room.observation.stream())
                    .mapToLong(RoomObservation::waiting)
                    .sum();
            return new GatewayObservation(Optional.empty(), listed.size(), waiting, reports, check.evictionPolicy());
        } catch (RedisUnavailableException e) {
            gateway.checkSoon(); // it may be another server, or set otherwise, when it is back
            return new GatewayObservation(
                    Optional.of(new Problem(e.fault(), text(e))),
                    before.listed(),
                    before.waiting(),
                    before.reports(),
                    before.evictionPolicy());
        }
    }

    private static void tellEviction(GatewayId gateway, GatewayObservation now) {
        new RedisCheck(now.evictionPolicy())
                .evicting()
                .ifPresent(policy -> LOGGER.atWarn()
                        .addKeyValue(LogKeys.GATEWAY, gateway)
                        .addKeyValue(LogKeys.DETAIL, RedisCheck.evictionFix(policy))
                        .log("Redis may delete keys of a line"));
    }

    private void tellReachability(GatewayId gateway, GatewayObservation now) {
        now.problem()
                .ifPresentOrElse(
                        problem -> LOGGER.atWarn()
                                .addKeyValue(LogKeys.GATEWAY, gateway)
                                .addKeyValue(LogKeys.REASON, problem.fault().reason())
                                .addKeyValue(LogKeys.DETAIL, problem.detail())
                                .log("Redis cannot be used"),
                        () -> LOGGER.atInfo()
                                .addKeyValue(LogKeys.GATEWAY, gateway)
                                .log("Redis answers"));
        listener.reachabilityChanged(gateway);
    }

    private void look(QueueRedis redis, WatchedRoom room, List<RoomRegistration> listed) {
        try {
            room.look(redis, listed, listener);
        } catch (RedisUnavailableException e) {
            // The gateway's next look says so for all of its rooms, once.
            LOGGER.atDebug()
                    .addKeyValue(LogKeys.ROOM, room.id)
                    .addKeyValue(LogKeys.DETAIL, text(e))
                    .log("Redis refused for a room");
            return;
        } catch (RuntimeException e) {
            LOGGER.atError().addKeyValue(LogKeys.ROOM, room.id).setCause(e).log("looking at a room failed");
            return;
        }
        room.observation.ifPresent(seen -> {
            if (room.told.due(clock.instant(), refresh(rooms.size()), seen)) {
                listener.roomChanged(room.id);
            }
        });
    }

    private static Duration refresh(int count) {
        Duration fair = Duration.ofMillis(1_000L * count / STATUS_WRITES_PER_SECOND);
        return fair.compareTo(REFRESH) > 0 ? fair : REFRESH;
    }

    private static String text(Exception e) {
        return String.valueOf(e.getMessage()).replaceFirst("[.\\s]+$", "");
    }
}
