package dev.waitingroom.queue.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.waitingroom.queue.GatewayId;
import dev.waitingroom.queue.RoomId;
import dev.waitingroom.queue.line.LineLayout;
import dev.waitingroom.queue.store.GatewayScripts;
import dev.waitingroom.queue.store.RoomRegistration;
import dev.waitingroom.queue.store.RoomScripts;
import dev.waitingroom.queue.store.RoomScripts.Call;
import dev.waitingroom.queue.store.RoomScripts.JoinAnswer;
import dev.waitingroom.queue.store.RoomScripts.JoinBatch;
import dev.waitingroom.queue.store.RoomScripts.JoinEntry;
import dev.waitingroom.testkit.redis.RedisProcess;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The users of {@code examples/redis-users.conf}: they can do all that is needed, and nothing else. */
class AclIT {
    private static final Path EXAMPLE = Path.of("../examples/redis-users.conf");
    private static final Path SCRIPTS = Path.of("src/main/resources/lua");
    private static final String EVERYWHERE = "waitingroom";
    private static final String SHOP = "waitingroom-shop";

    private static final RoomId ROOM = new RoomId("shop", "concert");
    private static final GatewayId GATEWAY = new GatewayId("shop", "default");

    /** What Lettuce and {@link LettuceScriptClient} send besides. */
    private static final Set<String> OUTSIDE_OF_SCRIPTS = Set.of("ping", "evalsha", "eval", "hgetall", "del");

    private static RedisProcess redis;

    @BeforeAll
    static void start() throws IOException {
        // The test's own way in, beside the users of the example.
        redis = RedisProcess.start(Stream.concat(
                        lines().filter(line -> !line.equals("user default off")),
                        Stream.of("user default on nopass ~* +@all"))
                .toArray(String[]::new));
    }

    @AfterAll
    static void stop() {
        redis.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {EVERYWHERE, SHOP})
    void grantsWhatTheScriptsCallAndNoMore(String user) throws IOException {
        assertThat(granted(user)).isEqualTo(needed());
    }

    @Test
    void checksEachCommandThatTheScriptsCall() throws IOException {
        Set<String> checked = Pattern.compile("(?:\\{ |call\\()'([A-Z]+)'")
                .matcher(Files.readString(SCRIPTS.resolve("check.lua")))
                .results()
                .map(call -> call.group(1).toLowerCase(Locale.ROOT))
                .collect(Collectors.toCollection(TreeSet::new));

        checked.addAll(OUTSIDE_OF_SCRIPTS);
        assertThat(checked).isEqualTo(needed());
    }

    @Test
    void documentsEachCommandThatIsNeeded() throws IOException {
        Set<String> documented = Files.readAllLines(Path.of("../docs/redis.md")).stream()
                .filter(line -> line.matches("    [A-Z ]+"))
                .flatMap(line -> Stream.of(line.strip().toLowerCase(Locale.ROOT).split(" ", -1)))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(documented).isEqualTo(needed());
    }

    private static Set<String> needed() throws IOException {
        Set<String> needed = new TreeSet<>(OUTSIDE_OF_SCRIPTS);
        try (Stream<Path> scripts = Files.list(SCRIPTS)) {
            for (Path script : scripts.toList()) {
                Pattern.compile("redis\\.p?call\\('(\\w+)'")
                        .matcher(Files.readString(script))
                        .results()
                        .forEach(call -> needed.add(call.group(1).toLowerCase(Locale.ROOT)));
            }
        }

        return needed;
    }

    @ParameterizedTest
    @ValueSource(strings = {EVERYWHERE, SHOP})
    void servesARoomFromItsOpeningToItsEnd(String user) throws Exception {
        redis.flush();
        redis.command("ACL", "LOG", "RESET");
        try (QueueRedis queue = QueueRedis.connect(settings(user))) {
            playEverything(queue);
        }

        assertThat(redis.command("ACL", "LOG")).isEqualTo(List.of());
    }

    @ParameterizedTest
    @CsvSource({
        EVERYWHERE + ", session:42",
        EVERYWHERE + ", wr",
        EVERYWHERE + ", wr:settings",
        SHOP + ", session:42",
        SHOP + ", 'wr:{bank/concert}:state'",
        SHOP + ", 'wr:{shop2/concert}:state'"
    })
    void touchesNoOtherKey(String user, String key) {
        as(user, commands -> {
            assertRefused(() -> commands.get(key));
            assertRefused(() -> commands.del(key));
            assertRefused(() -> commands.hgetall(key));
            assertRefused(() -> commands.eval("return redis.call('GET', KEYS[1])", ScriptOutputType.VALUE, key));
            assertRefused(() -> commands.eval("return redis.call('SET', '" + key + "', '1')", ScriptOutputType.VALUE));
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {EVERYWHERE, SHOP})
    void hasNoPowerOverTheServer(String user) {
        as(user, commands -> {
            assertRefused(commands::flushall);
            assertRefused(commands::scriptFlush);
            assertRefused(() -> commands.keys("*"));
            assertRefused(() -> commands.configGet("*"));
            assertRefused(commands::aclList);
            assertRefused(commands::clientList);
            assertRefused(() -> commands.publish("wr:{shop/concert}:x", "x"));
        });
    }

    @Test
    void leavesNobodyInWithoutAName() throws IOException {
        assertThat(lines()).contains("user default off");
    }

    @Test
    void findsTheNodesOfAClusterWithAFewWordsMore() throws Exception {
        Path server = onThePath("redis-server");
        String cli = onThePath("redis-cli").toString();
        String more = Files.readAllLines(EXAMPLE).getLast().substring(1);
        String[] config = Stream.concat(
                        lines().filter(line -> line.startsWith("user waitingroom "))
                                .map(line -> line + more),
                        Stream.of("user default on nopass ~* +@all", "cluster-enabled yes"))
                .toArray(String[]::new);
        List<RedisProcess> nodes = Stream.generate(() -> RedisProcess.start(server, config))
                .limit(3)
                .toList();
        try {
            List<String> create = new ArrayList<>(List.of(cli, "--cluster", "create"));
            nodes.forEach(node -> create.add("127.0.0.1:" + node.port()));
            create.add("--cluster-yes");
            Process process =
                    new ProcessBuilder(create).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as(output).isZero();
            nodes.forEach(node -> node.command("ACL", "LOG", "RESET"));

            String url = "redis-cluster://127.0.0.1:" + nodes.getFirst().port();
            try (QueueRedis queue = QueueRedis.connect(settings(url, EVERYWHERE))) {
                playEverything(queue);
            }

            assertThat(nodes)
                    .allSatisfy(node -> assertThat(node.command("ACL", "LOG")).isEqualTo(List.of()));
        } finally {
            nodes.forEach(RedisProcess::close);
        }
    }

    private static Path onThePath(String program) {
        Optional<Path> found = Stream.of(System.getenv("PATH").split(":", -1))
                .map(directory -> Path.of(directory, program))
                .filter(Files::isExecutable)
                .findFirst();
        Assumptions.assumeTrue(found.isPresent(), "skipped: no " + program + " on the PATH (apt install redis-server)");
        return found.get();
    }

    /** Every script once, in the order of a room's life. */
    private static void playEverything(QueueRedis queue) throws Exception {
        RoomScripts room = queue.scripts(ROOM);
        await().ignoreExceptions().until(() -> {
            queue.roomControl().apply(ROOM, TestRoom.policy(10, 10), true);
            queue.gatewayControl().register(GATEWAY, new RoomRegistration("evt", ROOM, 1));
            return true;
        });
        GatewayScripts gateway = queue.gateway(GATEWAY);
        assertThat(get(gateway.check()).evicting()).isEmpty();
        assertThat(get(gateway.rooms())).hasSize(1);
        get(gateway.report(new GatewayScripts.Report("pod", "1", 1, 1, 0, 0, Map.of("evt", 1L))));
        assertThat(queue.gatewayControl().reports(GATEWAY)).hasSize(1);

        long epoch = TestRoom.done(room.snapshot(0, 0, OptionalLong.empty()))
                .header()
                .epoch();
        Call call = new Call("gateway", epoch, Long.MAX_VALUE >> 11);
        List<JoinAnswer> joined = TestRoom.done(room.join(new JoinBatch(
                call,
                1,
                0,
                List.of(new JoinEntry(Optional.of(new byte[12]), false), new JoinEntry(Optional.empty(), false)))));
        long first = ((JoinAnswer.Issued) joined.get(0)).ticket();
        long second = ((JoinAnswer.Issued) joined.get(1)).ticket();
        await().untilAsserted(
                        () -> { // a line that began anew pauses for a moment
                            TestRoom.done(room.tick(call, RoomScripts.Present.NOBODY));
                            assertThat(TestRoom.done(room.admit(call, new long[] {first}))
                                            .answers())
                                    .first()
                                    .isInstanceOf(RoomScripts.AdmitAnswer.Granted.class);
                        });
        long segment = second / LineLayout.SEGMENT_TICKETS;
        byte[] bits = new byte[LineLayout.SEGMENT_BYTES];
        TestRoom.done(room.beat(call, 0, List.of(new RoomScripts.SegmentBits(segment, bits))));
        TestRoom.done(room.presence(new long[] {segment}));
        assertThat(TestRoom.done(room.grants(TestRoom.done(room.grantPages()), 0))
                        .tickets())
                .containsExactly(first);
        TestRoom.done(room.restore(call, new long[] {first, second}));
        TestRoom.done(room.leave(call, new long[] {second}));
        TestRoom.done(room.merge(new RoomScripts.Merge(
                call,
                second + 1,
                List.of(),
                0,
                List.of(new RoomScripts.SegmentBits(segment, bits)),
                new long[0],
                new long[] {first},
                new long[] {1},
                new long[] {second},
                new long[0],
                false,
                true,
                1)));
        assertThat(TestRoom.done(room.move(second, 0, 0, call.deadlineMicros())))
                .isPositive();
        assertThat(TestRoom.done(room.devices(0)).tickets()).containsExactly(second);
        TestRoom.done(room.sessions(call, new long[] {first}, new long[] {second}));
        TestRoom.done(room.activeSessions(0));
        assertThat(queue.roomControl().figures(ROOM)).isPresent();

        get(gateway.withdraw("pod"));
        queue.roomControl().clear(ROOM);
        queue.gatewayControl().unregister(GATEWAY, new RoomRegistration("evt", ROOM, 1));
        assertThat(get(gateway.deleted())).hasSize(1);
        queue.gatewayControl().clear(GATEWAY);
    }

    private static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(30));
    }

    private static <T> T get(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(5, TimeUnit.SECONDS).join();
    }

    private interface Work {
        void on(RedisCommands<String, String> commands);
    }

    private static void as(String user, Work work) {
        RedisClient client = RedisClient.create(RedisURI.builder(RedisURI.create(redis.url()))
                .withAuthentication(user, password(user).toCharArray())
                .withLibraryName("")
                .withLibraryVersion("")
                .build());
        try (var connection = client.connect()) {
            work.on(connection.sync());
        } finally {
            client.shutdown();
        }
    }

    private static void assertRefused(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(RedisCommandExecutionException.class)
                .hasMessageMatching("(?s).*(NOPERM|ACL failure|can't access|can't run).*");
    }

    private static RedisSettings settings(String user) {
        return settings(redis.url(), user);
    }

    private static RedisSettings settings(String url, String user) {
        var credentials = new Credentials(Optional.of(user), password(user));
        return new RedisSettings(url, Optional.of(credentials), Optional.empty(), Optional.empty());
    }

    private static String password(String user) {
        return word(user, ">");
    }

    private static Set<String> granted(String user) {
        return words(user)
                .filter(word -> word.startsWith("+"))
                .map(word -> word.substring(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String word(String user, String sigil) {
        return words(user)
                .filter(word -> word.startsWith(sigil))
                .findFirst()
                .orElseThrow()
                .substring(1);
    }

    private static Stream<String> words(String user) {
        try {
            return Stream.of(lines().filter(line -> line.startsWith("user " + user + " "))
                    .findFirst()
                    .orElseThrow()
                    .split(" ", -1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<String> lines() throws IOException {
        return Files.readAllLines(EXAMPLE).stream().filter(line -> line.startsWith("user "));
    }
}
