package dev.waitingroom.operator.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.waitingroom.queue.GatewayId;
import dev.waitingroom.queue.RoomId;
import dev.waitingroom.queue.policy.Mode;
import dev.waitingroom.queue.policy.Policy;
import dev.waitingroom.queue.redis.QueueRedis;
import dev.waitingroom.queue.redis.RedisSettings;
import dev.waitingroom.queue.site.SiteSettings;
import dev.waitingroom.queue.site.SiteText;
import dev.waitingroom.queue.store.GatewayControl;
import dev.waitingroom.queue.store.RedisUnavailableException;
import dev.waitingroom.queue.store.RoomControl.Applied;
import dev.waitingroom.queue.store.RoomRegistration;
import dev.waitingroom.testkit.redis.RedisExtension;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RedisWatchIT {
    private static final Optional<SiteText> SITE = Optional.of(SiteText.of(SiteSettings.DEFAULT));

    @RegisterExtension
    static final RedisExtension REDIS = new RedisExtension();

    private static final GatewayId GATEWAY = new GatewayId("shop", "default");
    private static final RoomId ROOM = new RoomId("shop", "concert");
    private static final RoomRegistration PLACE = new RoomRegistration("evt", ROOM, 5);

    private final List<String> told = new CopyOnWriteArrayList<>();
    private final QueueRedis redis = connect();
    private final RedisWatch watch = new RedisWatch(listener(), InstantSource.system());

    @BeforeEach
    void watchARoom() {
        await().ignoreExceptions()
                .until(() -> redis.gatewayControl().rooms(GATEWAY).isEmpty());
        watch.start();
    }

    @AfterEach
    void end() {
        watch.close();
        redis.close();
    }

    @Test
    void putsBackWhatRedisLost() throws RedisUnavailableException {
        serve(policy(1, 10));

        REDIS.redis().flush();

        await().untilAsserted(() -> {
            assertThat(redis.gatewayControl().rooms(GATEWAY)).containsExactly(PLACE);
            assertThat(redis.roomControl().figures(ROOM))
                    .hasValueSatisfying(line -> assertThat(line.generation()).isEqualTo(1));
            assertThat(told).contains("restored shop/concert its policy");
            assertThat(told).contains("restored shop/concert its place on the gateway's list");
        });
    }

    @Test
    void putsBackWhatSomebodyAltered() throws RedisUnavailableException {
        serve(policy(1, 10));

        REDIS.redis().command("HSET", "wr:{shop/concert}:policy", "rate", "999999");

        await().untilAsserted(() -> {
            assertThat(REDIS.redis().command("HGET", "wr:{shop/concert}:policy", "rate"))
                    .isEqualTo("10");
            assertThat(told).contains("restored shop/concert its policy");
        });
    }

    @Test
    void leavesANewerPolicyToTheReconciler() throws RedisUnavailableException {
        serve(policy(1, 10));

        redis.roomControl().apply(ROOM, policy(2, 20), false);

        await().untilAsserted(() -> assertThat(told).contains("room shop/concert"));
        assertThat(watch.keeps(GATEWAY, redis, ROOM, policy(1, 10), SiteText.of(SiteSettings.DEFAULT)))
                .isFalse();
        assertThat(redis.roomControl().apply(ROOM, policy(2, 20), false)).isEqualTo(Applied.UNCHANGED);
    }

    @Test
    void aLineThatIsOlderThanWhatWasSeenBeginsAnEpoch() throws RedisUnavailableException {
        serve(policy(1, 10));
        await().until(() -> watch.knownEpoch(ROOM) > 0);
        long seen = watch.knownEpoch(ROOM);

        REDIS.redis().command("HINCRBY", "wr:{shop/concert}:state", "epoch", "-60000");

        await().until(() -> watch.knownEpoch(ROOM) > seen);
        assertThat(redis.roomControl().figures(ROOM))
                .hasValueSatisfying(line -> assertThat(line.epoch()).isGreaterThan(seen));
    }

    @Test
    void leavesARoomAloneOnceItIsForgotten() throws RedisUnavailableException {
        serve(policy(1, 10));
        await().until(() -> watch.room(ROOM).isPresent());

        watch.forget(ROOM);
        redis.roomControl().clear(ROOM);
        redis.gatewayControl().unregister(GATEWAY, PLACE);

        // Another room, watched later, was checked: so the first could have been touched by now.
        var other = new RoomId("shop", "other");
        watch.watch(GATEWAY, redis, other, policy("evt_2", 1, 10));
        await().until(() -> redis.roomControl().figures(other).isPresent());
        assertThat(redis.roomControl().figures(ROOM)).isEmpty();
    }

    @Test
    void saysOnceThatRedisIsGoneAndOnceThatItIsBack() throws RedisUnavailableException {
        serve(policy(1, 10));
        await().untilAsserted(() -> assertThat(told).contains("reachability shop/default"));
        told.clear();

        REDIS.redis().pause();
        await().until(() ->
                watch.gateway(GATEWAY).flatMap(GatewayObservation::problem).isPresent());
        REDIS.redis().resume();
        await().until(() ->
                watch.gateway(GATEWAY).flatMap(GatewayObservation::problem).isEmpty());

        await().untilAsserted(() -> assertThat(told.stream().filter(line -> line.startsWith("reachability")))
                .hasSize(2));
    }

    @Test
    void whatWasPutOnTheListWhileItWasReadIsNotTakenForLost() {
        var late = new RoomId("shop", "late");

        watch.watch(GATEWAY, whenTheListIsRead(() -> {
            redis.gatewayControl().register(GATEWAY, new RoomRegistration("evt_late", late, 5));
            redis.roomControl().apply(late, policy("evt_late", 1, 10), SITE, true, 0);
            watch.watch(GATEWAY, redis, late, policy("evt_late", 1, 10)); // over the plain connection from now on
        }));

        await().until(() -> watch.room(late).isPresent());
        assertThat(told).noneMatch(line -> line.startsWith("restored"));
    }

    @Test
    void seesTheLine() throws RedisUnavailableException {
        serve(policy(1, 10));

        await().untilAsserted(() -> {
            long epoch = redis.roomControl().figures(ROOM).orElseThrow().epoch();
            assertThat(watch.room(ROOM)).contains(new RoomObservation(0, 0, 0, Optional.of(Duration.ZERO), epoch));
            assertThat(watch.knownEpoch(ROOM)).isEqualTo(epoch);
            assertThat(watch.gateway(GATEWAY))
                    .hasValueSatisfying(gateway -> assertThat(gateway.listed()).isEqualTo(1));
            assertThat(watch.generations(GATEWAY)).containsExactly(Map.entry("evt", 1L));
        });
    }

    private void serve(Policy policy) throws RedisUnavailableException {
        redis.gatewayControl().register(GATEWAY, PLACE);
        redis.roomControl().apply(ROOM, policy, SITE, true, 0);
        watch.watch(GATEWAY, redis, ROOM, policy);
    }

    private interface Interruption {
        void run() throws RedisUnavailableException;
    }

    /** A Redis that runs an action between the reading of a gateway's list and the answer. */
    private QueueRedis whenTheListIsRead(Interruption then) {
        GatewayControl control = intercepted(GatewayControl.class, redis.gatewayControl(), (method, answer) -> {
            if (method.equals("rooms")) {
                then.run();
            }
            return answer;
        });
        return intercepted(
                QueueRedis.class, redis, (method, answer) -> method.equals("gatewayControl") ? control : answer);
    }

    private interface Interceptor {
        Object answer(String method, Object answer) throws RedisUnavailableException;
    }

    private static <T> T intercepted(Class<T> type, T target, Interceptor interceptor) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (_, method, arguments) -> interceptor.answer(method.getName(), method.invoke(target, arguments))));
    }

    private static QueueRedis connect() {
        return QueueRedis.connect(RedisSettings.of(REDIS.url()));
    }

    private static Policy policy(long generation, int rate) {
        return policy("evt", generation, rate);
    }

    private static Policy policy(String eventId, long generation, int rate) {
        return new Policy(
                eventId,
                5,
                generation,
                Mode.QUEUE,
                rate,
                Duration.ofSeconds(1),
                100,
                Duration.ofSeconds(300),
                Duration.ofSeconds(900),
                OptionalLong.empty(),
                Duration.ofSeconds(120),
                "");
    }

    private WatchListener listener() {
        return new WatchListener() {
            @Override
            public void roomChanged(RoomId room) {
                told.add("room " + room);
            }

            @Override
            public void roomRestored(RoomId room, String what) {
                told.add("restored " + room + " " + what);
            }

            @Override
            public void gatewayChanged(GatewayId gateway) {
                told.add("gateway " + gateway);
            }

            @Override
            public void reachabilityChanged(GatewayId gateway) {
                told.add("reachability " + gateway);
            }
        };
    }
}
