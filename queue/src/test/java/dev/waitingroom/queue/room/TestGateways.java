package dev.waitingroom.queue.room;

import dev.waitingroom.queue.GatewayId;
import dev.waitingroom.queue.RoomId;
import dev.waitingroom.queue.policy.Mode;
import dev.waitingroom.queue.policy.Policy;
import dev.waitingroom.queue.redis.QueueRedis;
import dev.waitingroom.queue.redis.RedisSettings;
import dev.waitingroom.queue.store.RedisUnavailableException;
import dev.waitingroom.queue.store.RoomRegistration;
import dev.waitingroom.queue.ticket.Ticket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import org.awaitility.Awaitility;

/** An operator's hand and some gateways on one Redis. Every gateway has a connection of its own, as processes have. */
final class TestGateways implements AutoCloseable {
    static final String EVENT = "evt";
    static final RoomId ROOM = new RoomId("shop", "concert");
    private static final GatewayId GATEWAY = new GatewayId("shop", "default");
    private static final PodLoad IDLE = new PodLoad() {
        @Override
        public double requestsPerSecond() {
            return 0;
        }

        @Override
        public double cpuShare() {
            return 0;
        }

        @Override
        public double streamShare() {
            return 0;
        }
    };

    private record Gateway(QueueRedis redis, RoomRegistry gatewayId) {}

    private RedisSettings settings;
    private QueueRedis operator;
    private final List<Gateway> gateways = new ArrayList<>();

    TestGateways(String url) {
        settings = RedisSettings.of(url);
        operator = QueueRedis.connect(settings);
    }

    static Policy policy(int rate, int burst) {
        return policy(1, Mode.QUEUE, rate, burst, Duration.ofSeconds(300), OptionalLong.empty());
    }

    static Policy policy(long generation, Mode mode, int rate, int burst, Duration ttl, OptionalLong maxLength) {
        return new Policy(
                EVENT,
                7,
                generation,
                mode,
                rate,
                Duration.ofSeconds(1),
                burst,
                ttl,
                Duration.ofSeconds(900),
                maxLength,
                Duration.ofSeconds(120),
                "back at noon");
    }

    /** Opens the room: list entry and policy. */
    void open(Policy policy) {
        Awaitility.await().ignoreExceptions().until(() -> {
            operator.gatewayControl().register(GATEWAY, new RoomRegistration(EVENT, ROOM, policy.incarnation()));
            operator.roomControl().apply(ROOM, policy, true);
            return true;
        });
    }

    /** What the operator does when it finds list or policy gone. */
    void putBack(Policy policy) throws RedisUnavailableException {
        putBack(policy, 0);
    }

    /** The same by an operator that knows an epoch of the line. */
    void putBack(Policy policy, long knownEpoch) throws RedisUnavailableException {
        operator.gatewayControl().register(GATEWAY, new RoomRegistration(EVENT, ROOM, policy.incarnation()));
        operator.roomControl().apply(ROOM, policy, false, knownEpoch);
    }

    /** The room's object is deleted. */
    void delete(Policy policy) throws RedisUnavailableException {
        operator.gatewayControl().unregister(GATEWAY, new RoomRegistration(EVENT, ROOM, policy.incarnation()));
        operator.roomControl().clear(ROOM);
    }

    /** Redis loses the gateway's list, and has a line without a policy. */
    void loseList() throws RedisUnavailableException {
        operator.gatewayControl().clear(GATEWAY);
    }

    /** Whether every gateway has let go of the room. */
    boolean isServedNowhere() {
        return gateways.stream()
                .allMatch(gateway -> gateway.gatewayId.room(EVENT).isEmpty());
    }

    /** What the operator sees of the line. */
    long epoch() throws RedisUnavailableException {
        return operator.roomControl().figures(ROOM).orElseThrow().epoch();
    }

    /** A change of the gateway's {@code redis.url}: the pods go, and those that come are on the other Redis. */
    void moveTo(String url, Policy policy, long knownEpoch) {
        killGateways();
        operator.close();
        settings = RedisSettings.of(url);
        operator = QueueRedis.connect(settings);
        Awaitility.await().ignoreExceptions().until(() -> {
            putBack(policy, knownEpoch);
            return true;
        });
    }

    Room gateway() {
        QueueRedis redis = QueueRedis.connect(settings);
        RoomRegistry gatewayId = RoomRegistry.start(redis, GATEWAY, "gw-" + gateways.size(), "test", IDLE);
        gateways.add(new Gateway(redis, gatewayId));
        Awaitility.await()
                .until(() -> gatewayId.ready()
                        && gatewayId.room(EVENT).flatMap(Room::policy).isPresent());
        return gatewayId.room(EVENT).orElseThrow();
    }

    static Ticket join(Room room) {
        return joined(get(room.join(Optional.empty(), Optional.empty(), false))).ticket();
    }

    static JoinOutcome.Joined joined(JoinOutcome outcome) {
        if (outcome instanceof JoinOutcome.Joined joined) {
            return joined;
        }
        throw new AssertionError("not joined: " + outcome);
    }

    static <T> T get(CompletionStage<T> stage) {
        return stage.toCompletableFuture()
                .orTimeout(5, java.util.concurrent.TimeUnit.SECONDS)
                .join();
    }

    /** Ends the gateways as a kill would: nothing is said to Redis. */
    void killGateways() {
        gateways.forEach(gateway -> gateway.redis.close());
        gateways.forEach(gateway -> gateway.gatewayId.close());
        gateways.clear();
    }

    @Override
    public void close() {
        gateways.forEach(gateway -> {
            gateway.gatewayId.close();
            gateway.redis.close();
        });
        operator.close();
    }
}
