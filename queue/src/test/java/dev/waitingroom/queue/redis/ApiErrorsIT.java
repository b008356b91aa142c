package dev.waitingroom.queue.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.waitingroom.queue.GatewayId;
import dev.waitingroom.queue.RoomId;
import dev.waitingroom.queue.store.RedisCheck;
import dev.waitingroom.queue.store.RedisFault;
import dev.waitingroom.queue.store.RedisUnavailableException;
import dev.waitingroom.testkit.redis.RedisExecutables;
import dev.waitingroom.testkit.redis.RedisProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a Redis refuses is named, and so is one that may delete keys: on each Redis that this machine has, since each says it otherwise. */
class ApiErrorsIT {
    private static final RoomId ROOM = new RoomId("shop", "concert");
    private static final GatewayId GATEWAY = new GatewayId("shop", "default");
    private static final String NEEDED =
            "+ping +info +evalsha +eval +hgetall +del +time +exists +touch +get +set +getrange"
                    + " +setrange +getbit +bitcount +bitop +hget +hmget +hkeys +hset +hsetnx +hdel +llen +lrange +ltrim +rpush"
                    + " +zadd +zrange +zrem +zremrangebyscore +zscore +pexpire";

    static List<Path> servers() {
        return Stream.of(Optional.of(RedisExecutables.usual()), RedisExecutables.onPath(), RedisExecutables.valkey())
                .flatMap(Optional::stream)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("servers")
    void namesCommandsThatWereRenamed(Path server) {
        try (RedisProcess redis = RedisProcess.start(server, "rename-command INFO \"\"", "rename-command BITOP \"\"");
                QueueRedis queue = QueueRedis.connect(RedisSettings.of(redis.url()))) {
            assertFails(
                    () -> queue.gatewayControl().check(GATEWAY), RedisFault.COMMAND_REFUSED, "refuses INFO, BITOP (");
            assertFails(
                    () -> queue.roomControl().apply(ROOM, TestRoom.policy(10, 10), true),
                    RedisFault.COMMAND_REFUSED,
                    "policy on redis://");
        }
    }

    @ParameterizedTest
    @MethodSource("servers")
    void namesEachCommandThatTheUserMayNotRun(Path server) {
        try (RedisProcess redis = RedisProcess.start(server)) {
            for (String allowed : NEEDED.replace("+ping ", "").split(" ", -1)) { // which is for Lettuce alone
                String command = allowed.substring(1);
                redis.command("SCRIPT", "FLUSH");
                user(redis, "~wr:{*}:*", NEEDED + " -" + command);
                try (QueueRedis queue = QueueRedis.connect(settings(redis))) {
                    assertFails(
                            () -> {
                                queue.gatewayControl().rooms(GATEWAY);
                                queue.gatewayControl().check(GATEWAY);
                            },
                            RedisFault.COMMAND_REFUSED,
                            command);
                }
            }
            user(redis, "~wr:{*}:*", NEEDED);
            try (QueueRedis queue = QueueRedis.connect(settings(redis))) {
                assertThat(checked(queue).evictionPolicy()).contains("noeviction");
                assertThat(redis.command("DBSIZE")).isEqualTo(0L);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("servers")
    void saysThatTheUserMayNotTouchOurKeys(Path server) {
        try (RedisProcess redis = RedisProcess.start(server)) {
            user(redis, "~session:*", NEEDED);
            try (QueueRedis queue = QueueRedis.connect(settings(redis))) {
                assertFails(() -> queue.gatewayControl().check(GATEWAY), RedisFault.KEYS_FORBIDDEN, "keys?");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"allkeys-lru", "allkeys-lfu", "allkeys-random", "volatile-lru", "volatile-ttl"})
    void tellsOfAPolicyThatDeletesKeysThoughConfigIsRefused(String policy) {
        try (RedisProcess redis = RedisProcess.start("rename-command CONFIG \"\"", "maxmemory-policy " + policy);
                QueueRedis queue = QueueRedis.connect(RedisSettings.of(redis.url()))) {
            assertThat(checked(queue).evicting()).contains(policy);
        }
    }

    @Test
    void noticesAPolicyThatIsChangedWhileItRuns() throws RedisUnavailableException {
        try (RedisProcess redis = RedisProcess.start();
                QueueRedis queue = QueueRedis.connect(RedisSettings.of(redis.url()))) {
            assertThat(checked(queue).evicting()).isEmpty();

            redis.command("CONFIG", "SET", "maxmemory-policy", "volatile-random");

            assertThat(queue.gatewayControl().check(GATEWAY).evicting()).contains("volatile-random");
        }
    }

    private static RedisCheck checked(QueueRedis queue) {
        return Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .ignoreExceptions()
                .until(() -> queue.gatewayControl().check(GATEWAY), check -> true);
    }

    /** Once it is connected. */
    private static void assertFails(ThrowingCallable call, RedisFault fault, String pattern) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(catchThrowable(call))
                        .isInstanceOfSatisfying(RedisUnavailableException.class, refused -> {
                            assertThat(refused.fault()).as(refused.getMessage()).isEqualTo(fault);
                            assertThat(refused.getMessage()).containsPattern("(?i)" + pattern.replace("(", "\\("));
                        }));
    }

    private static void user(RedisProcess redis, String keys, String commands) {
        String[] rules = ("ACL SETUSER app reset on >secret " + keys + " -@all " + commands).split(" ", -1);
        redis.command(rules);
    }

    private static RedisSettings settings(RedisProcess redis) {
        return new RedisSettings(
                redis.url(),
                Optional.of(new Credentials(Optional.of("app"), "secret")),
                Optional.empty(),
                Optional.empty());
    }
}
