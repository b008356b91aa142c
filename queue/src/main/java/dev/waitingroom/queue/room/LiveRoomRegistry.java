package dev.waitingroom.queue.room;

import dev.waitingroom.queue.GatewayId;
import dev.waitingroom.queue.LogKeys;
import dev.waitingroom.queue.store.GatewayScripts;
import dev.waitingroom.queue.store.QueueStore;
import dev.waitingroom.queue.store.RoomRegistration;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The gateway's rooms. All run on one thread, since a room works only for microseconds between two calls to Redis. */
final class LiveRoomRegistry implements RoomRegistry {
    private static final Logger LOGGER = LoggerFactory.getLogger(LiveRoomRegistry.class);
    private static final Duration FOLLOW = Duration.ofSeconds(1);
    private static final Duration CLOSE = Duration.ofSeconds(3);

    /**
     * How long the list may lack a room. Redis may have lost the list together with the line, which is put back from the replicas here.
     * So a room that is no longer listed is still served, and a process that began to read the list lately does not deny an event.
     * Deleted rooms are on a list of their own.
     */
    private static final Duration KEEP = Duration.ofMinutes(1);

    /** @param listedNanos when it last was on the list */
    private record Served(RoomRegistration listed, LiveRoom room, long listedNanos) {
        Served listedAt(long nanos) {
            return new Served(listed, room, nanos);
        }
    }

    private final QueueStore store;
    private final GatewayId gateway;
    private final GatewayScripts scripts;
    private final String processId;
    private final LongSupplier nanoTime;

    /** Drops tasks after its shutdown, such as answers to the last calls. */
    private final ScheduledExecutorService executor = new ScheduledThreadPoolExecutor(
            1,
            task -> {
                Thread thread = new Thread(task, "waitingroom-line");
                thread.setDaemon(true);
                return thread;
            },
            new ThreadPoolExecutor.DiscardPolicy());

    private final RedisChecks checks;
    private final DeletedRooms deleted;
    private final PodReporter reporter;
    private volatile Map<String, Served> rooms = Map.of();
    private volatile Optional<Long> firstListNanos = Optional.empty();
    private volatile long answeredNanos;
    private boolean failing;

    LiveRoomRegistry(
            QueueStore store, GatewayId gateway, String pod, String version, PodLoad load, LongSupplier nanoTime) {
        this.store = store;
        this.gateway = gateway;
        this.scripts = store.gateway(gateway);
        this.processId = pod + "-" + UUID.randomUUID();
        this.nanoTime = nanoTime;
        this.answeredNanos = nanoTime.getAsLong();
        this.checks = new RedisChecks(gateway);
        this.deleted = new DeletedRooms(nanoTime);
        this.reporter = new PodReporter(gateway, scripts, pod, version, load);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // a step logs its own failure
    void start() {
        executor.scheduleWithFixedDelay(this::step, 0, FOLLOW.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public Optional<Room> room(String eventId) {
        return Optional.ofNullable(rooms.get(eventId)).map(Served::room);
    }

    @Override
    public Collection<Room> rooms() {
        return rooms.values().stream().<Room>map(Served::room).toList();
    }

    @Override
    public OptionalLong deleted(String eventId) {
        return deleted.incarnation(eventId);
    }

    @Override
    public boolean settled() {
        return firstListNanos
                .filter(first -> nanoTime.getAsLong() - first >= KEEP.toNanos())
                .isPresent();
    }

    @Override
    public boolean ready() {
        return firstListNanos.isPresent()
                && checks.usable()
                && rooms.values().stream().allMatch(served -> served.room.loaded());
    }

    @Override
    public Duration sinceRedisAnswered() {
        return Duration.ofNanos(nanoTime.getAsLong()
                - rooms.values().stream()
                        .mapToLong(served -> served.room.answeredNanos())
                        .reduce(answeredNanos, Math::max));
    }

    @Override
    public RedisState redis() {
        return checks.state();
    }

    @Override
    public void close() {
        rooms.values().forEach(served -> served.room.close());
        reporter.withdraw(executor, CLOSE);
        executor.shutdown();
    }

    private void step() {
        try {
            follow();
        } catch (RuntimeException e) {
            LOGGER.atError()
                    .addKeyValue(LogKeys.GATEWAY, gateway)
                    .setCause(e)
                    .log("failed to follow the gateway's list of rooms; trying again in a second");
        }
    }

    private record Lists(List<RoomRegistration> rooms, List<RoomRegistration> deleted) {}

    private void follow() {
        CompletionStage<List<RoomRegistration>> listed = scripts.rooms();
        listed.thenCombine(scripts.deleted(), Lists::new)
                .whenComplete((lists, error) -> executor.execute(() -> {
                    if (error == null) {
                        answered();
                        deleted.remember(lists.deleted);
                        serve(lists.rooms);
                    } else {
                        failed(error);
                    }
                }));
        if (checks.due(nanoTime.getAsLong())) {
            scripts.check()
                    .whenComplete((check, error) -> executor.execute(() -> {
                        if (error == null) {
                            checks.passed(check, nanoTime.getAsLong());
                        } else {
                            checks.failed(RoomContext.asRedis(error));
                        }
                    }));
        }
        reporter.report(rooms.values().stream().map(Served::room).toList());
    }

    private void serve(List<RoomRegistration> list) {
        long now = nanoTime.getAsLong();
        Map<String, Served> next = new HashMap<>();
        for (RoomRegistration room : list) {
            Served served = rooms.get(room.eventId());
            next.put(
                    room.eventId(),
                    served != null && served.listed.equals(room) ? served.listedAt(now) : begin(room, now));
        }
        rooms.forEach((eventId, served) -> {
            Served instead = next.get(eventId);
            boolean gone = deleted.contains(served.listed);
            if (instead == null && !gone && now - served.listedNanos < KEEP.toNanos()) {
                next.put(eventId, served);
            } else if (instead == null || instead.room != served.room) {
                if (gone) {
                    served.room.end();
                } else {
                    served.room.close();
                }
                LOGGER.atInfo()
                        .addKeyValue(LogKeys.EVENT_ID, eventId)
                        .addKeyValue(LogKeys.ROOM, served.listed.room())
                        .log("stopped serving the room");
            }
        });
        rooms = Map.copyOf(next);
        firstListNanos = firstListNanos.or(() -> Optional.of(now));
    }

    private Served begin(RoomRegistration listing, long now) {
        LOGGER.atInfo()
                .addKeyValue(LogKeys.EVENT_ID, listing.eventId())
                .addKeyValue(LogKeys.ROOM, listing.room())
                .log("serving the room");
        LiveRoom room = new LiveRoom(new RoomContext(
                listing.room(), listing.eventId(), processId, store.scripts(listing.room()), executor, nanoTime));
        room.start();
        return new Served(listing, room, now);
    }

    private void answered() {
        answeredNanos = nanoTime.getAsLong();
        if (failing) {
            failing = false;
            LOGGER.atInfo().addKeyValue(LogKeys.GATEWAY, gateway).log("reads the gateway's list of rooms again");
        }
    }

    private void failed(Throwable error) {
        if (!failing) {
            failing = true;
            LOGGER.atWarn()
                    .addKeyValue(LogKeys.GATEWAY, gateway)
                    .addKeyValue(LogKeys.DETAIL, RoomContext.asRedis(error).getMessage())
                    .log("cannot read the gateway's list of rooms; serving the rooms that are known");
        }
    }
}
