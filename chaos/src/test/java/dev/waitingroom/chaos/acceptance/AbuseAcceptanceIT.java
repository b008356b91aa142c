package dev.waitingroom.chaos.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waitingroom.chaos.acceptance.AttackMain.Attack;
import dev.waitingroom.chaos.site.GatewayChild;
import dev.waitingroom.chaos.site.OperatorHand;
import dev.waitingroom.chaos.site.SiteKeys;
import dev.waitingroom.queue.policy.Mode;
import dev.waitingroom.queue.policy.Policy;
import dev.waitingroom.queue.redis.RedisSettings;
import dev.waitingroom.queue.ticket.Ticket;
import dev.waitingroom.testkit.process.JavaCommand;
import dev.waitingroom.testkit.redis.RedisProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Clients that mean ill, beside visitors who poll: they get 4xx and nothing else, the gateway stays within a default pod's memory, and the
 * visitors are served. How much slower is measured in the same run, before, during and after, and asserted with {@code acceptance.long} alone.
 *
 * <p>A real gateway's attackers are somewhere else; here they take its cores. On cores that are merely busy even two small processes that send
 * each other a byte wait several times as long, and of cores that are not busy all the time the host of a virtual machine makes use. So where it
 * may be had, visitors and gateway run in {@linkplain RealTime real time}, a process that comes last of all keeps the cores awake, and polls
 * during which one {@linkplain Stalls stood still} are left out, before, during and after: what is left is what the attack does to the gateway.
 * Where not, the figures are written down and not judged.
 */
@Isolated("compares times of polls")
class AbuseAcceptanceIT {
    private static final boolean LONG = Boolean.getBoolean("acceptance.long");
    private static final Duration PHASE = LONG ? Duration.ofSeconds(15) : Duration.ofSeconds(2);
    private static final Path SEEN = Path.of("target", "abuse.md");

    private static final int VISITORS = 20;
    private static final int POLLS_PER_SECOND = 200;
    private static final Duration TO_CONNECT = Duration.ofMillis(500);

    /** A default pod's limit. */
    private static final long MEMORY_KB = 512 * 1024;

    private static final double WORST_RATIO = 2;

    private static final int VISITOR_PRIORITY = 10;
    private static final int GATEWAY_PRIORITY = 5;
    private static final List<String> LAST = List.of("nice", "-n", "19");
    private static final List<String> LAST_OF_ALL = List.of("chrt", "--idle", "0");

    @TempDir
    private static Path directory;

    private static RedisProcess redis;
    private static OperatorHand operator;
    private static GatewayChild gateway;
    private static SiteKeys keys;
    private static ExecutorService threads;

    /** Empty where visitors and gateway cannot run in real time. */
    private static Optional<Stalls> stalls = Optional.empty();

    private static Optional<Attackers> awake = Optional.empty();

    @BeforeAll
    static void start() throws Exception {
        Files.createDirectories(SEEN.toAbsolutePath().getParent());
        Files.writeString(SEEN, "| abuse | seen |\n|---|---|\n");
        redis = RedisProcess.start();
        var settings = RedisSettings.of(redis.url());
        operator = new OperatorHand(settings);
        keys = SiteKeys.make(directory.resolve("keys"));
        gateway = GatewayChild.start("pod-1", settings, keys, directory, Map.of("TRUSTED_PROXIES", "127.0.0.0/8"));
        Policy policy = new Policy(
                "evt",
                7,
                1,
                Mode.HOLD,
                10,
                Duration.ofSeconds(1),
                10,
                Duration.ofMinutes(5),
                Duration.ofMinutes(15),
                OptionalLong.empty(),
                Duration.ofMinutes(2),
                "");
        operator.apply(policy, true);
        try (HttpClient http = HttpClient.newHttpClient()) {
            gateway.awaitServes(http, "evt");
        }
        threads = Executors.newFixedThreadPool(
                VISITORS, Thread.ofPlatform().name("visitor-", 1).factory());
        // What a gateway has to compile once is nobody's fault: it has seen it all.
        pollFor(PHASE);
        for (String attack : List.of("junk", "tokens")) {
            try (Attackers attackers = new Attackers(LAST, attack, 1)) {
                pollFor(PHASE);
                attackers.end();
            }
        }
        // Without the compilers: ordinary work, whoever waits for it.
        Predicate<String> serves = name -> !name.matches("C[12] Compiler.*");
        boolean realTime = LONG
                && RealTime.give(gateway.pid(), serves, GATEWAY_PRIORITY)
                && RealTime.give(ProcessHandle.current().pid(), name -> name.startsWith("visitor-"), VISITOR_PRIORITY);
        stalls = realTime ? Stalls.watch() : Optional.empty();
        if (stalls.isPresent()) {
            awake = Optional.of(new Attackers(LAST_OF_ALL, "nobody", 1));
        }
    }

    @AfterAll
    static void stop() throws Exception {
        threads.shutdownNow();
        if (awake.isPresent()) {
            awake.get().close();
        }
        stalls.ifPresent(Stalls::close);
        gateway.close();
        operator.close();
        redis.close();
    }

    @Test
    void slowClientsKeepNobodyWaiting() throws Exception {
        Set<Integer> statuses =
                under("1,000 clients that send a byte a second", "slow", 1).statuses();

        if (LONG) { // in a short run no time is up
            assertThat(statuses).contains(408);
        }
    }

    @Test
    void junkOnEveryPathKeepsNobodyWaiting() throws Exception {
        assertThat(under("8 KB of junk on every path", "junk", 1).statuses()).contains(400, 404, 405, 414, 431);
    }

    /** From addresses enough that no limit stops them: each is checked. */
    @Test
    void wrongTokensOfManyKeepNobodyWaiting() throws Exception {
        assertAsManyAsMeant(under("wrong tokens from 10,000 addresses", "tokens", 10_000));
    }

    @Test
    void wrongTokensOfOneKeepNobodyWaiting() throws Exception {
        Abuse abuse = under("wrong tokens from one address", "tokens", 1);

        assertThat(abuse.statuses()).contains(429);
        assertAsManyAsMeant(abuse);
    }

    /** Ten thousand are meant; it takes a while until all attackers are at it. */
    private static void assertAsManyAsMeant(Abuse abuse) {
        if (LONG) {
            assertThat(abuse.perSecond()).isGreaterThanOrEqualTo(9_000);
        }
    }

    // --- who is to be served ---

    /** By {@link System#nanoTime}; a poll that is late counts from when it was due. */
    private record Poll(long due, long answered) {
        long nanos() {
            return answered - due;
        }
    }

    /**
     * What visitors saw.
     *
     * @param nanos how long their polls took, sorted
     * @param undisturbed those of them during which nothing stood still
     */
    private record Polls(long[] nanos, long[] undisturbed) {
        static Polls of(Collection<Poll> polls) {
            return new Polls(sorted(polls.stream()), sorted(polls.stream().filter(poll -> !disturbed(poll))));
        }

        private static boolean disturbed(Poll poll) {
            return stalls.stream().anyMatch(seen -> seen.between(poll.due(), poll.answered()));
        }

        private static long[] sorted(Stream<Poll> polls) {
            return polls.mapToLong(Poll::nanos).sorted().toArray();
        }

        double p99Millis() {
            return p99Millis(undisturbed);
        }

        String described() {
            return "%.1f ms (longest %.1f; with the %.1f%% disturbed %.1f ms)"
                    .formatted(
                            p99Millis(),
                            undisturbed[undisturbed.length - 1] / 1e6,
                            100.0 * (nanos.length - undisturbed.length) / nanos.length,
                            p99Millis(nanos));
        }

        private static double p99Millis(long[] sorted) {
            return sorted[(int) (sorted.length * 0.99)] / 1e6;
        }
    }

    /**
     * What came of an attack.
     *
     * @param statuses that attackers were answered
     * @param perSecond how many of their requests were answered
     */
    private record Abuse(Set<Integer> statuses, double perSecond) {}

    private static Abuse under(String name, String attack, int addresses) throws Exception {
        List<Poll> otherwise = new ArrayList<>(pollFor(PHASE));
        long started = System.nanoTime();
        Attack seen;
        Polls during;
        Optional<Long> memory;
        try (Attackers attackers = new Attackers(LAST, attack, addresses)) {
            during = Polls.of(pollFor(PHASE.multipliedBy(2)));
            memory = residentKb();
            seen = attackers.end();
        }
        double perSecond = seen.requests() / ((System.nanoTime() - started) / 1e9);
        otherwise.addAll(pollFor(PHASE)); // what else this machine does comes and goes
        Polls beforeAndAfter = Polls.of(otherwise);
        double ratio = during.p99Millis() / beforeAndAfter.p99Millis();
        String line =
                "%,.0f/s, answered %s, cut off %d; visitors' p99 %s, before and after %s: %.1f times%s; resident %s MB"
                        .formatted(
                                perSecond,
                                new TreeSet<>(seen.statuses()),
                                seen.cutOff(),
                                during.described(),
                                beforeAndAfter.described(),
                                ratio,
                                stalls.isPresent() ? "" : ", not in real time, so not judged",
                                memory.map(kb -> Long.toString(kb / 1024)).orElse("?"));
        Files.writeString(SEEN, "| " + name + " | " + line + " |\n", StandardOpenOption.APPEND);

        assertThat(seen.statuses()).as(line).allMatch(status -> status >= 400 && status < 500);
        memory.ifPresent(kb -> assertThat(kb).as(line).isLessThan(MEMORY_KB));
        if (stalls.isPresent()) {
            assertThat(ratio).as(line).isLessThanOrEqualTo(WORST_RATIO);
        }
        return new Abuse(seen.statuses(), perSecond);
    }

    /** A process of attackers. They are at it as soon as there is one. */
    private static final class Attackers implements AutoCloseable {
        private final Process process;
        private final BufferedReader said;

        Attackers(List<String> scheduled, String attack, int addresses) throws IOException {
            List<String> command = new ArrayList<>(scheduled);
            command.addAll(JavaCommand.of(
                            AttackMain.class.getName(),
                            attack,
                            gateway.uri().toString(),
                            keys.tickets().encode(ticket(1)),
                            Integer.toString(addresses))
                    .withOptions("-Xmx256m", "-XX:+UseSerialGC")
                    .line());
            process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            said = process.inputReader();
            assertThat(said.readLine()).isEqualTo("begun");
        }

        /** Lets them end, and returns what they were answered. */
        Attack end() throws IOException {
            process.getOutputStream().close();
            return Attack.read(said.readLine());
        }

        @Override
        public void close() throws IOException {
            process.destroyForcibly().onExit().join();
            said.close();
        }
    }

    /** Visitors poll at a steady rate, each on a connection that they have. All of them must be answered. */
    private static Collection<Poll> pollFor(Duration time) throws Exception {
        long started = System.nanoTime() + TO_CONNECT.toNanos();
        var polls = new ConcurrentLinkedQueue<Poll>();
        List<Future<?>> visitors = new ArrayList<>();
        for (int visitor = 0; visitor < VISITORS; visitor++) {
            visitors.add(visit(visitor, started, time, polls));
        }
        for (Future<?> visitor : visitors) {
            visitor.get(time.toSeconds() + 60, TimeUnit.SECONDS);
        }
        return polls;
    }

    private static Future<?> visit(int visitor, long started, Duration time, Queue<Poll> polls) {
        long apart = 1_000_000_000L * VISITORS / POLLS_PER_SECOND;
        String path = "/api/v1/queue/status?token=" + keys.tickets().encode(ticket(visitor + 1));
        return threads.submit(() -> {
            try (Wire wire = new Wire(gateway.uri())) {
                for (long due = started + apart * visitor / VISITORS; due < started + time.toNanos(); due += apart) {
                    LockSupport.parkNanos(due - System.nanoTime());
                    int status = wire.get(path, "198.51.100." + visitor);
                    polls.add(new Poll(due, System.nanoTime()));
                    assertThat(status).isEqualTo(200);
                }
            }
            return null;
        });
    }

    private static Ticket ticket(long number) {
        return new Ticket("evt", 7, number, Instant.parse("2026-11-24T12:00:00Z"), Optional.empty());
    }

    /** The gateway's; where the system tells. */
    private static Optional<Long> residentKb() throws IOException {
        Path status = Path.of("/proc", Long.toString(gateway.pid()), "status");
        if (!Files.isReadable(status)) {
            return Optional.empty();
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .map(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst();
    }
}
