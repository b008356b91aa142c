package dev.waitingroom.queue.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.waitingroom.queue.GatewayId;
import dev.waitingroom.queue.RoomId;
import dev.waitingroom.queue.store.RedisUnavailableException;
import dev.waitingroom.queue.store.RoomControl.Applied;
import dev.waitingroom.queue.store.RoomRegistration;
import dev.waitingroom.queue.store.RoomScripts;
import dev.waitingroom.testkit.redis.FreePorts;
import dev.waitingroom.testkit.redis.RedisCluster;
import dev.waitingroom.testkit.redis.RedisExecutables;
import dev.waitingroom.testkit.redis.RedisProcess;
import dev.waitingroom.testkit.redis.RedisSentinels;
import dev.waitingroom.testkit.redis.RedisTls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The ways to reach Redis, and what happens when it goes away. Each test has servers of its own. */
@Execution(ExecutionMode.CONCURRENT)
class ConnectionIT {
    private static final RoomId ROOM = new RoomId("shop", "concert");
    private static final GatewayId GATEWAY = new GatewayId("shop", "default");

    @Test
    void findsAServerThatComesUpLater() {
        int port = FreePorts.next();
        try (QueueRedis queue = QueueRedis.connect(settings("redis://127.0.0.1:" + port))) {
            assertThatThrownBy(() -> queue.roomControl().figures(ROOM))
                    .isInstanceOf(RedisUnavailableException.class)
                    .hasMessageContaining("no connection to redis://127.0.0.1:" + port);

            try (RedisProcess _ = RedisProcess.startOn(port)) {
                awaitServed(queue);
            }
        }
    }

    @Test
    void failsAtOnceWhileTheServerIsGoneAndServesAgainAfterIt() throws RedisUnavailableException {
        try (RedisProcess redis = RedisProcess.start();
                QueueRedis queue = QueueRedis.connect(settings(redis.url()))) {
            awaitServed(queue);

            redis.kill();
            await().untilAsserted(
                            () -> assertThatThrownBy(() -> queue.roomControl().figures(ROOM))
                                    .isInstanceOf(RedisUnavailableException.class));
            redis.restart();

            await().ignoreExceptions()
                    .until(() -> queue.roomControl().figures(ROOM).isEmpty());
            assertThat(queue.roomControl().apply(ROOM, TestRoom.policy(10, 10), true))
                    .isEqualTo(Applied.WRITTEN);
        }
    }

    @Test
    void failsWithinItsTimeWhileTheServerHangs() {
        try (RedisProcess redis = RedisProcess.start();
                QueueRedis queue = QueueRedis.connect(settings(redis.url()))) {
            awaitServed(queue);
            redis.pause();

            for (int i = 0; i < 4; i++) {
                assertThatThrownBy(() -> queue.roomControl().figures(ROOM))
                        .isInstanceOf(RedisUnavailableException.class);
            }
            redis.resume();

            awaitServed(queue);
        }
    }

    @Test
    void sendsAScriptThatTheServerForgot() throws RedisUnavailableException {
        try (RedisProcess redis = RedisProcess.start();
                QueueRedis queue = QueueRedis.connect(settings(redis.url()))) {
            awaitServed(queue);
            redis.command("SCRIPT", "FLUSH");

            assertThat(queue.roomControl().apply(ROOM, TestRoom.policy(10, 10), true))
                    .isEqualTo(Applied.UNCHANGED);
        }
    }

    @Test
    void saysWhyItWasRefused() {
        try (RedisProcess redis = RedisProcess.start("maxmemory 100kb");
                QueueRedis queue = QueueRedis.connect(settings(redis.url()))) {
            await().untilAsserted(() -> assertThatThrownBy(
                            () -> queue.roomControl().apply(ROOM, TestRoom.policy(10, 10), true))
                    .isInstanceOf(RedisUnavailableException.class)
                    .hasMessageContaining("OOM"));
        }
    }

    @Test
    void leavesAServerThatBecameAReplica() throws RedisUnavailableException {
        try (RedisProcess redis = RedisProcess.start();
                QueueRedis queue = QueueRedis.connect(settings(redis.url()))) {
            awaitServed(queue);
            redis.command("REPLICAOF", "127.0.0.1", Integer.toString(FreePorts.next()));
            assertThatThrownBy(() -> queue.roomControl().apply(ROOM, TestRoom.policy(20, 10), false))
                    .isInstanceOf(RedisUnavailableException.class);

            redis.command("REPLICAOF", "NO", "ONE");

            awaitServed(queue);
        }
    }

    @Test
    void speaksTlsAsAUserWithTheLeastRights(@TempDir Path certificates) throws Exception {
        Path server = redisOnThePath();
        RedisTls tls = RedisTls.make(certificates);
        int port = FreePorts.next();
        String url = "rediss://127.0.0.1:" + port;
        Optional<Path> ca = Optional.of(tls.caFile());
        try (RedisProcess _ = RedisProcess.start(server, withUsers(tls.config(port), "port 0"))) {
            try (QueueRedis queue = QueueRedis.connect(leastRights(url, ca))) {
                awaitServed(queue);
            }
            try (QueueRedis guesses =
                    QueueRedis.connect(as(new Credentials(Optional.of("waitingroom"), "a guess"), url, ca))) {
                await().untilAsserted(() -> assertThatThrownBy(
                                () -> guesses.roomControl().figures(ROOM))
                        .hasMessageContaining("WRONGPASS"));
            }
            try (QueueRedis stranger = QueueRedis.connect(settings(url))) {
                await().untilAsserted(() -> assertThatThrownBy(
                                () -> stranger.roomControl().figures(ROOM))
                        .hasMessageContaining("certification path"));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"client.crt, client.key", "client.crt, pkcs1.key", "sec1.crt, sec1.key", "ed25519.crt, ed25519.key"})
    void showsItsCertificateToAServerThatAsksForOne(String certificate, String key, @TempDir Path certificates)
            throws Exception {
        Path server = redisOnThePath();
        RedisTls tls = RedisTls.make(certificates);
        int port = FreePorts.next();
        String url = "rediss://127.0.0.1:" + port;
        try (RedisProcess _ = RedisProcess.start(server, withUsers(tls.mutualConfig(port), "port 0"))) {
            try (QueueRedis queue = QueueRedis.connect(mutual(url, tls, tls.client(certificate, key)))) {
                awaitServed(queue);
            }
            try (QueueRedis stranger = QueueRedis.connect(leastRights(url, Optional.of(tls.caFile())))) {
                await().untilAsserted(() -> assertThatThrownBy(
                                () -> stranger.roomControl().figures(ROOM))
                        .hasMessageContaining("certificate"));
            }
        }
    }

    @Test
    void showsItsCertificateToSentinelsAndToThePrimaryThatTheyName(@TempDir Path certificates) throws Exception {
        Path server = redisOnThePath();
        RedisTls tls = RedisTls.make(certificates);
        int port = FreePorts.next();
        int watched = FreePorts.next();
        List<String> sentinel = new ArrayList<>(tls.mutualConfig(watched));
        sentinel.addAll(List.of("tls-replication yes", "sentinel monitor line 127.0.0.1 " + port + " 1"));
        try (RedisProcess _ = RedisProcess.start(server, withUsers(tls.mutualConfig(port), "port 0"));
                RedisProcess _ = RedisProcess.start(server, sentinel.toArray(String[]::new));
                QueueRedis queue = QueueRedis.connect(
                        mutual("rediss-sentinel://127.0.0.1:" + watched + "#line", tls, tls.client()))) {
            awaitServed(queue);
        }
    }

    /** The certificate is not one of localhost. */
    @Test
    void showsItsCertificateToTheNodesOfAClusterAndTakesTheOptionForEachOfThem(@TempDir Path certificates)
            throws Exception {
        Path server = redisOnThePath();
        RedisTls tls = RedisTls.make(certificates);
        int port = FreePorts.next();
        List<String> config = new ArrayList<>(tls.mutualConfig(port));
        config.addAll(List.of("cluster-enabled yes", "tls-cluster yes", "cluster-announce-ip 127.0.0.1"));
        try (RedisProcess node = RedisProcess.start(server, config.toArray(String[]::new));
                QueueRedis queue = QueueRedis.connect(new RedisSettings(
                        "rediss-cluster://localhost:%d,localhost:%d?verifyPeer=CA".formatted(port, FreePorts.next()),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(tls.caFile()),
                        Optional.of(certificate(tls.client()))))) {
            node.command("CLUSTER", "ADDSLOTSRANGE", "0", "16383");

            awaitServed(queue);
        }
    }

    @Test
    void takesReplacedCertificatesWithoutARestart(@TempDir Path certificates, @TempDir Path replacements)
            throws Exception {
        Path server = redisOnThePath();
        RedisTls tls = RedisTls.make(certificates);
        int port = FreePorts.next();
        try (RedisProcess redis = RedisProcess.start(server, withUsers(tls.mutualConfig(port), "port 0"));
                QueueRedis queue = QueueRedis.connect(mutual("rediss://127.0.0.1:" + port, tls, tls.client()))) {
            awaitServed(queue);

            RedisTls.make(replacements); // of another authority
            for (String file : List.of("ca.crt", "server.crt", "server.key", "client.crt", "client.key")) {
                Files.copy(replacements.resolve(file), certificates.resolve(file), StandardCopyOption.REPLACE_EXISTING);
            }
            redis.restart();

            awaitServed(queue);
        }
    }

    @Test
    void followsAFailoverOfSentinels() {
        try (RedisSentinels redis = RedisSentinels.start(RedisExecutables.usual(), 1, Duration.ofMillis(500));
                QueueRedis queue = QueueRedis.connect(settings(redis.url()))) {
            awaitServed(queue);
            awaitCopied(redis.primary(), redis.replica());
            long epoch = epoch(queue);

            redis.primary().kill();

            await().ignoreExceptions()
                    .untilAsserted(() -> assertThat(epoch(queue)).isGreaterThan(epoch));
        }
    }

    @Test
    void leavesAPrimaryThatWasReplacedAndHasYetToHearOfIt() {
        try (RedisSentinels redis = RedisSentinels.start(RedisExecutables.usual(), 3, Duration.ofMillis(500));
                QueueRedis queue = QueueRedis.connect(settings(redis.url()))) {
            awaitServed(queue);
            RedisProcess replaced = redis.primary();
            RedisProcess replica = redis.replica();
            awaitCopied(replaced, replica);
            long epoch = epoch(queue);

            replaced.pause();
            redis.awaitPromoted(replica);
            replaced.resume();

            await().ignoreExceptions()
                    .untilAsserted(() -> assertThat(epoch(queue)).isGreaterThan(epoch));
            assertThat(replaced.info("role")).isEqualTo("master");
        }
    }

    @Test
    void asksTheNextSentinelWhereOneHangs() {
        Path server = RedisExecutables.usual();
        try (RedisProcess primary = RedisProcess.start(server)) {
            String monitor = "sentinel monitor line 127.0.0.1 " + primary.port() + " 1";
            try (RedisProcess hangs = RedisProcess.start(server, monitor);
                    RedisProcess answers = RedisProcess.start(server, monitor)) {
                hangs.pause();
                String url = "redis-sentinel://127.0.0.1:" + hangs.port() + ",127.0.0.1:" + answers.port()
                        + "/0?clientName=gateway#line";

                try (QueueRedis queue = QueueRedis.connect(settings(url))) {
                    awaitServed(queue);
                    assertThat(primary.command("CLIENT", "LIST")).asString().contains("name=gateway");
                }
            }
        }
    }

    @Test
    void isAUserOfThePrimaryAndNobodyToSentinels() throws Exception {
        try (RedisProcess primary = RedisProcess.start(withUsers(List.of()));
                RedisProcess sentinel = RedisProcess.start("sentinel monitor line 127.0.0.1 " + primary.port() + " 1");
                QueueRedis queue = QueueRedis.connect(
                        leastRights("redis-sentinel://127.0.0.1:" + sentinel.port() + "#line", Optional.empty()))) {
            awaitServed(queue);
        }
    }

    @Test
    void isToSentinelsWhomTheyAskFor() throws Exception {
        Optional<Credentials> server = Optional.of(new Credentials(Optional.of("waitingroom"), "CHANGE-ME"));
        var watcher = new Credentials(Optional.of("watcher"), "theirs");
        try (RedisProcess primary = RedisProcess.start(withUsers(List.of()));
                RedisProcess sentinel = RedisProcess.start(
                        "requirepass secret",
                        "user watcher on >theirs -@all +sentinel|get-master-addr-by-name",
                        "sentinel monitor line 127.0.0.1 " + primary.port() + " 1")) {
            String url = "redis-sentinel://127.0.0.1:" + sentinel.port() + "#line";
            for (var credentials : List.of(watcher, new Credentials(Optional.empty(), "secret"))) {
                try (QueueRedis queue = QueueRedis.connect(
                        new RedisSettings(url, server, Optional.of(credentials), Optional.empty()))) {
                    awaitServed(queue);
                }
            }
            try (QueueRedis queue =
                    QueueRedis.connect(new RedisSettings(url, server, Optional.empty(), Optional.empty()))) {
                await().untilAsserted(() -> assertThatThrownBy(
                                () -> queue.roomControl().figures(ROOM))
                        .hasMessageContainingAll(
                                "no Sentinel names a primary", "127.0.0.1:" + sentinel.port(), "NOAUTH"));
            }
        }
    }

    @Test
    void saysThatSentinelsDoNotKnowThePrimary() {
        try (RedisProcess primary = RedisProcess.start();
                RedisProcess sentinel = RedisProcess.start("sentinel monitor line 127.0.0.1 " + primary.port() + " 1");
                QueueRedis queue =
                        QueueRedis.connect(settings("redis-sentinel://127.0.0.1:" + sentinel.port() + "#mymaster"))) {
            await().untilAsserted(
                            () -> assertThatThrownBy(() -> queue.roomControl().figures(ROOM))
                                    .hasMessageContaining("no Sentinel names a primary of mymaster: 127.0.0.1:"
                                            + sentinel.port() + " does not know it"));
        }
    }

    @Test
    void speaksTlsToSentinelsAndToThePrimaryThatTheyName(@TempDir Path certificates) throws Exception {
        Path server = redisOnThePath();
        RedisTls tls = RedisTls.make(certificates);
        int port = FreePorts.next();
        int watched = FreePorts.next();
        List<String> sentinel = new ArrayList<>(tls.config(watched));
        sentinel.addAll(List.of("tls-replication yes", "sentinel monitor line 127.0.0.1 " + port + " 1"));
        String url = "rediss-sentinel://127.0.0.1:" + watched + "#line";
        try (RedisProcess _ = RedisProcess.start(server, withUsers(tls.config(port), "port 0"));
                RedisProcess _ = RedisProcess.start(server, sentinel.toArray(String[]::new))) {
            try (QueueRedis queue = QueueRedis.connect(leastRights(url, Optional.of(tls.caFile())))) {
                awaitServed(queue);
            }
            try (QueueRedis stranger = QueueRedis.connect(leastRights(url, Optional.empty()))) {
                await().untilAsserted(() -> assertThatThrownBy(
                                () -> stranger.roomControl().figures(ROOM))
                        .hasMessageContainingAll("no Sentinel names a primary", "certification path"));
            }
        }
    }

    @Test
    void followsAPrimaryLostInACluster() {
        try (RedisCluster redis = RedisCluster.start(RedisExecutables.usual(), Duration.ofSeconds(1));
                QueueRedis queue = QueueRedis.connect(settings(redis.url()))) {
            awaitServed(queue);
            RedisProcess primary = redis.primaryOf("wr:{" + ROOM + "}:state");
            awaitCopied(primary, redis.replicaOf(primary));
            long epoch = epoch(queue);

            primary.kill();

            await().ignoreExceptions()
                    .untilAsserted(() -> assertThat(epoch(queue)).isGreaterThan(epoch));
        }
    }

    @Test
    void everyCallEndsWhileANodeOfAClusterHangsAndTheOthersServe() throws Exception {
        RoomId elsewhere = new RoomId("shop", "play");
        try (RedisCluster redis = RedisCluster.start(RedisExecutables.usual(), Duration.ofSeconds(60));
                QueueRedis queue = QueueRedis.connect(settings(redis.url()))) {
            awaitServed(queue);
            RedisProcess hangs = redis.primaryOf("wr:{" + ROOM + "}:state");
            assertThat(redis.primaryOf("wr:{" + elsewhere + "}:state")).isNotEqualTo(hangs);
            assertThat(queue.roomControl().apply(elsewhere, TestRoom.policy(10, 10), true))
                    .isEqualTo(Applied.WRITTEN);
            hangs.pause();

            List<CompletableFuture<?>> there = new ArrayList<>();
            List<CompletableFuture<?>> here = new ArrayList<>();
            Instant end = Instant.now().plusSeconds(6);
            await().pollInterval(Duration.ofMillis(10)).until(() -> {
                there.add(call(queue, ROOM));
                here.add(call(queue, elsewhere));
                return Instant.now().isAfter(end);
            });

            await().atMost(Duration.ofSeconds(3))
                    .untilAsserted(() -> assertThat(there).allMatch(CompletableFuture::isDone));
            assertThat(there.subList(there.size() / 2, there.size()))
                    .allMatch(CompletableFuture::isCompletedExceptionally);
            assertThat(here).noneMatch(CompletableFuture::isCompletedExceptionally);
            hangs.resume();
            awaitServed(queue);
        }
    }

    @Test
    void refusesAUrlThatItDoesNotKnow() {
        for (String url : List.of("http://127.0.0.1", "127.0.0.1", "redis://")) {
            assertThatThrownBy(() -> settings(url))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("redis-sentinel://");
        }
    }

    /**
     * A new replica whose first acknowledgement came too early gets nothing before its next one, a second later; until then the policy
     * would be lost with the primary, and only the operator puts it back.
     */
    private static void awaitCopied(RedisProcess primary, RedisProcess replica) {
        await().untilAsserted(() -> assertThat(replica.command("DBSIZE")).isEqualTo(primary.command("DBSIZE")));
    }

    /** A policy is written, a ticket handed out and a room listed. */
    private static void awaitServed(QueueRedis queue) {
        await().ignoreExceptions().untilAsserted(() -> {
            queue.roomControl().apply(ROOM, TestRoom.policy(10, 10), true);
            var join = new RoomScripts.JoinBatch(
                    new RoomScripts.Call("test", epoch(queue), Long.MAX_VALUE >> 11),
                    System.nanoTime(),
                    0,
                    List.of(new RoomScripts.JoinEntry(Optional.empty(), false)));
            assertThat(TestRoom.done(queue.scripts(ROOM).join(join))).hasSize(1);
            queue.gatewayControl().register(GATEWAY, new RoomRegistration("evt", ROOM, 1));
            assertThat(queue.gatewayControl().rooms(GATEWAY)).containsExactly(new RoomRegistration("evt", ROOM, 1));
        });
    }

    private static CompletableFuture<?> call(QueueRedis queue, RoomId room) {
        return queue.scripts(room).snapshot(0, 0, OptionalLong.empty()).toCompletableFuture();
    }

    private static long epoch(QueueRedis queue) {
        return TestRoom.done(queue.scripts(ROOM).snapshot(0, 0, OptionalLong.empty()))
                .header()
                .epoch();
    }

    private static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(100));
    }

    private static RedisSettings settings(String url) {
        return RedisSettings.of(url);
    }

    /** Lines of redis.conf of a server with the users of the example, and none without a name. */
    private static String[] withUsers(List<String> lines, String... more) throws IOException {
        List<String> config = new ArrayList<>(Files.readAllLines(Path.of("../examples/redis-users.conf")));
        config.addAll(lines);
        config.addAll(List.of(more));
        return config.toArray(String[]::new);
    }

    private static RedisSettings leastRights(String url, Optional<Path> ca) {
        return as(new Credentials(Optional.of("waitingroom"), "CHANGE-ME"), url, ca);
    }

    private static RedisSettings as(Credentials credentials, String url, Optional<Path> ca) {
        return new RedisSettings(url, Optional.of(credentials), Optional.empty(), ca);
    }

    private static RedisSettings mutual(String url, RedisTls tls, RedisTls.Client client) {
        RedisSettings settings = leastRights(url, Optional.of(tls.caFile()));
        return new RedisSettings(
                url, settings.servers(), settings.sentinels(), settings.caFile(), Optional.of(certificate(client)));
    }

    private static ClientCertificate certificate(RedisTls.Client client) {
        return new ClientCertificate(client.certificate(), client.key());
    }

    /** The embedded one has no TLS. */
    private static Path redisOnThePath() {
        Optional<Path> found = RedisExecutables.onPath();
        Assumptions.assumeTrue(found.isPresent(), "skipped: no redis-server on the PATH (apt install redis-server)");
        return found.orElseThrow();
    }
}
