package dev.waitingroom.operator.watch;

import dev.waitingroom.operator.ops.LogKeys;
import dev.waitingroom.operator.watch.GatewayObservation.Problem;
import dev.waitingroom.queue.GatewayId;
import dev.waitingroom.queue.RoomId;
import dev.waitingroom.queue.policy.Policy;
import dev.waitingroom.queue.redis.QueueRedis;
import dev.waitingroom.queue.site.SiteSettings;
import dev.waitingroom.queue.site.SiteText;
import dev.waitingroom.queue.store.PodReport;
import dev.waitingroom.queue.store.RedisCheck;
import dev.waitingroom.queue.store.RedisUnavailableException;
import dev.waitingroom.queue.store.RoomRegistration;
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
 * Reads Redis once a second, with one thread for each gateway. Restores a policy or a place on the list that was lost or changed. Notifies the
 * reconcilers of changes. A Redis that hangs delays only its own gateway. Thread-safe.
 *
 * <p>Changed numbers are reported every three seconds at most, and less often with many rooms. So they cause no more than about
 * {@value #STATUS_WRITES_PER_SECOND} writes a second to the API server.
 */
public final class RedisWatch implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(RedisWatch.class);
    private static final SiteText NO_SITE = SiteText.of(SiteSettings.DEFAULT);
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

    /** Starts. */
    public void start() {
        var _ = timer.scheduleAtFixedRate(
                () -> gateways.values().forEach(this::lookInBackground),
                PERIOD.toMillis(),
                PERIOD.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    /** Watches a gateway over this connection from now on. */
    public void watch(GatewayId gateway, QueueRedis redis) {
        gateways.compute(
                gateway,
                (id, known) -> known == null || !known.redis().equals(redis) ? new WatchedGateway(id, redis) : known);
    }

    /**
     * Watches a room whose policy is in Redis, and keeps the policy there from now on.
     *
     * @param gateway is watched too
     * @param knownEpoch the latest known epoch of the line; 0 for none
     */
    public void watch(GatewayId gateway, QueueRedis redis, RoomId room, Policy policy, SiteText site, long knownEpoch) {
        watch(gateway, redis);
        rooms.compute(room, (id, known) -> {
            WatchedRoom watched = known == null || !known.gateway.equals(gateway)
                    ? new WatchedRoom(id, gateway, policy, site)
                    : known;
            watched.policy = policy;
            watched.site = site;
            watched.intact = true;
            watched.knew(knownEpoch);
            return watched;
        });
    }

    /** The same for a line whose epoch is unknown, and a room without site settings. */
    public void watch(GatewayId gateway, QueueRedis redis, RoomId room, Policy policy) {
        watch(gateway, redis, room, policy, NO_SITE, 0);
    }

    /** After this returns, the watch does not touch the room. */
    public void forget(RoomId room) {
        WatchedRoom known = rooms.remove(room);
        if (known != null) {
            known.end();
        }
    }

    /** After this returns, the watch does not touch the gateway or its rooms. */
    public void forget(GatewayId gateway) {
        gateways.remove(gateway);
        roomsOf(gateway).forEach(room -> forget(room.id));
    }

    /** Whether this policy and these site settings are in Redis, as far as known, and the watch keeps them there. */
    public boolean keeps(GatewayId gateway, QueueRedis redis, RoomId room, Policy policy, SiteText site) {
        WatchedRoom known = rooms.get(room);
        WatchedGateway home = gateways.get(gateway);
        return known != null
                && home != null
                && known.gateway.equals(gateway)
                && home.redis().equals(redis)
                && known.intact
                && known.policy.equals(policy)
                && known.site.equals(site);
    }

    /** Whether the room's policy was written to Redis since the operator started. */
    public boolean watches(RoomId room) {
        return rooms.containsKey(room);
    }

    /** The latest epoch of the line since the operator started; 0 for none. */
    public long knownEpoch(RoomId room) {
        WatchedRoom known = rooms.get(room);
        return known == null ? 0 : known.knownEpoch.get();
    }

    /** Empty until the line was read once. */
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
                            .log("failed to check a gateway");
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
        // Before the list is read: a room that is watched later may be registered in between.
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
            gateway.checkSoon(); // it may come back as another server, or with other settings
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
            // The gateway's next check reports this once for all its rooms.
            LOGGER.atDebug()
                    .addKeyValue(LogKeys.ROOM, room.id)
                    .addKeyValue(LogKeys.DETAIL, text(e))
                    .log("Redis refused a call for a room");
            return;
        } catch (RuntimeException e) {
            LOGGER.atError().addKeyValue(LogKeys.ROOM, room.id).setCause(e).log("failed to check a room");
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
