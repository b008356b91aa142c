package dev.waitingroom.chaos.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.waitingroom.chaos.site.GatewayChild;
import dev.waitingroom.chaos.site.OperatorHand;
import dev.waitingroom.chaos.site.SiteKeys;
import dev.waitingroom.queue.policy.Mode;
import dev.waitingroom.queue.policy.Policy;
import dev.waitingroom.queue.redis.RedisSettings;
import dev.waitingroom.queue.testing.RedisProcess;
import dev.waitingroom.queue.ticket.Ticket;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Clients that mean ill, beside visitors who poll: they get 4xx and nothing else, the gateway stays within a default pod's memory, and the
 * visitors are served. How much slower is measured in the same run, before, during and after; it is asserted with {@code acceptance.long} alone,
 * since attackers, gateway and visitors share this machine's cores.
 */
class AbuseAcceptanceIT {
    private static final boolean LONG = Boolean.getBoolean("acceptance.long");
    private static final Duration PHASE = LONG ? Duration.ofSeconds(15) : Duration.ofSeconds(2);
    private static final Path SEEN = Path.of("target", "abuse.md");

    private static final int VISITORS = 20;
    private static final int POLLS_PER_SECOND = 200;
    private static final int WRONG_TOKENS_PER_SECOND = 10_000;
    private static final int SLOW_CLIENTS = 1_000;
    private static final int JUNK_BYTES = 8 * 1024;

    /** A default pod's limit. */
    private static final long MEMORY_KB = 512 * 1024;

    private static final double WORST_RATIO = 2;

    private static final List<String> PATHS = List.of(
            "/api/v1/queue/join",
            "/api/v1/queue/status",
            "/api/v1/queue/admit",
            "/api/v1/queue/enter",
            "/api/v1/queue/leave",
            "/.well-known/jwks.json",
            "/openapi.yaml",
            "/version",
            "/healthz",
            "/readyz",
            "/nowhere");

    @TempDir
    private static Path directory;

    private static RedisProcess redis;
    private static OperatorHand operator;
    private static GatewayChild gateway;
    private static SiteKeys keys;
    private static ExecutorService threads;

    @BeforeAll
    static void start() throws Exception {
        Files.createDirectories(SEEN.toAbsolutePath().getParent());
        Files.writeString(SEEN, "| abuse | seen |\n|---|---|\n");
        redis = RedisProcess.start();
        var settings = new RedisSettings(redis.url(), Optional.empty(), Optional.empty(), Optional.empty());
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
        threads = Executors.newVirtualThreadPerTaskExecutor();
        pollFor(PHASE); // the JIT's warm-up is nobody's fault
    }

    @AfterAll
    static void stop() {
        threads.shutdownNow();
        gateway.close();
        operator.close();
        redis.close();
    }

    @Test
    void slowClientsKeepNobodyWaiting() throws Exception {
        under("1,000 clients that send a byte a second", attack -> {
            for (int i = 0; i < SLOW_CLIENTS; i++) {
                String request = i % 2 == 0
                        ? "GET /api/v1/queue/status?token=x HTTP/1.1\r\nHost: x\r\nX-Slow: "
                        : "POST /api/v1/queue/join HTTP/1.1\r\nHost: x\r\nContent-Length: 4000\r\n\r\n";
                attack.with(() -> drip(attack, request));
            }
            await().atMost(Duration.ofMinutes(1)).until(() -> attack.begun.get() >= SLOW_CLIENTS);
        });
    }

    @Test
    void junkOnEveryPathKeepsNobodyWaiting() throws Exception {
        Attack seen = under("8 KB of junk on every path", attack -> {
            for (String path : PATHS) {
                attack.with(() -> junk(attack, path));
            }
        });

        assertThat(seen.statuses).contains(400, 404, 405, 414, 431);
    }

    /** From addresses enough that no limit stops them: each is checked. */
    @Test
    void wrongTokensOfManyKeepNobodyWaiting() throws Exception {
        wrongTokens("wrong tokens from 10,000 addresses", 10_000);
    }

    @Test
    void wrongTokensOfOneKeepNobodyWaiting() throws Exception {
        Attack seen = wrongTokens("wrong tokens from one address", 1);

        assertThat(seen.statuses).contains(429);
    }

    private static Attack wrongTokens(String name, int addresses) throws Exception {
        int clients = 16;
        return under(name, attack -> {
            for (int i = 0; i < clients; i++) {
                attack.with(() -> guess(attack, addresses, WRONG_TOKENS_PER_SECOND / clients));
            }
        });
    }

    // --- who attacks ---

    /** What attackers do until they are told to stop, and what they are answered. */
    private static final class Attack {
        private final AtomicBoolean over = new AtomicBoolean();
        private final AtomicLong begun = new AtomicLong();
        private final AtomicLong requests = new AtomicLong();
        private final AtomicLong cutOff = new AtomicLong();
        private final Set<Integer> statuses = new ConcurrentSkipListSet<>();
        private final List<Future<?>> attackers = new ArrayList<>();

        private interface Attacker {
            void run() throws IOException;
        }

        void with(Attacker attacker) {
            attackers.add(threads.submit(() -> {
                while (!over.get()) {
                    try {
                        attacker.run();
                    } catch (IOException e) {
                        cutOff();
                        pause(Duration.ofMillis(1)); // and comes again
                    }
                }
            }));
        }

        void answered(int status) {
            requests.incrementAndGet();
            statuses.add(status);
        }

        /** Without an answer: where it did not end as a request, there is nothing to be answered. */
        void cutOff() {
            cutOff.incrementAndGet();
        }

        void end() throws Exception {
            over.set(true);
            for (Future<?> attacker : attackers) {
                attacker.get(30, TimeUnit.SECONDS);
            }
        }
    }

    private interface Attackers {
        void begin(Attack attack);
    }

    private static void drip(Attack attack, String beginning) throws IOException {
        try (Socket socket = connect()) {
            socket.setSoTimeout(1_000);
            socket.getOutputStream().write(beginning.getBytes(StandardCharsets.US_ASCII));
            attack.begun.incrementAndGet();
            InputStream in = socket.getInputStream();
            while (!attack.over.get()) {
                socket.getOutputStream().write('x');
                try {
                    attack.answered(Wire.status(in));
                    return;
                } catch (java.net.SocketTimeoutException e) {
                    // No answer within a second: on with the next byte.
                }
            }
        }
    }

    private static void junk(Attack attack, String path) throws IOException {
        RandomGenerator random = RandomGenerator.getDefault();
        byte[] junk = new byte[JUNK_BYTES];
        random.nextBytes(junk);
        byte[] printable = new byte[JUNK_BYTES];
        for (int i = 0; i < printable.length; i++) {
            printable[i] = (byte) ('!' + (junk[i] & 0x3f));
        }
        String text = new String(printable, StandardCharsets.US_ASCII);
        String method = path.startsWith("/api") && !path.endsWith("status") ? "POST" : "PUT";
        List<byte[]> requests = List.of(
                junk,
                join(
                        (method + " " + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: " + JUNK_BYTES + "\r\n\r\n")
                                .getBytes(StandardCharsets.US_ASCII),
                        junk),
                ("GET " + path + "?" + text.replace(' ', '+') + " HTTP/1.1\r\nHost: x\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII),
                ("DELETE " + path + " HTTP/1.1\r\nHost: x\r\nCookie: " + text + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        for (byte[] request : requests) {
            try (Socket socket = connect()) {
                socket.getOutputStream().write(request);
                socket.shutdownOutput();
                attack.answered(Wire.status(socket.getInputStream()));
            } catch (IOException e) {
                attack.cutOff();
            }
        }
    }

    private static byte[] join(byte[] one, byte[] other) {
        byte[] all = java.util.Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, all, one.length, other.length);
        return all;
    }

    private static void guess(Attack attack, int addresses, int perSecond) throws IOException {
        RandomGenerator random = RandomGenerator.getDefault();
        String good = keys.tickets().encode(ticket(1));
        try (Wire wire = new Wire()) {
            long started = System.nanoTime();
            for (long sent = 0; !attack.over.get(); sent++) {
                int at = 8 + random.nextInt(good.length() - 9);
                char other = good.charAt(at) == 'A' ? 'B' : 'A';
                String token = good.substring(0, at) + other + good.substring(at + 1);
                int from = random.nextInt(addresses);
                attack.answered(
                        wire.get("/api/v1/queue/status?token=" + token, "203." + from / 250 + ".113." + from % 250));
                LockSupport.parkNanos(started + sent * 1_000_000_000L / perSecond - System.nanoTime());
            }
        }
    }

    // --- who is to be served ---

    /** What visitors saw: how long their polls took, ns, sorted. */
    private record Polls(long[] nanos) {
        double p99Millis() {
            return nanos[(int) (nanos.length * 0.99)] / 1e6;
        }
    }

    private static Attack under(String name, Attackers attackers) throws Exception {
        Polls before = pollFor(PHASE);
        Attack attack = new Attack();
        long started = System.nanoTime();
        attackers.begin(attack);
        Polls during = pollFor(PHASE);
        attack.end();
        double seconds = (System.nanoTime() - started) / 1e9;
        Optional<Long> memory = residentKb();
        Polls after = pollFor(PHASE); // what else this machine does comes and goes
        double ratio = during.p99Millis() / Math.max(before.p99Millis(), after.p99Millis());
        String seen =
                "%,.0f/s, answered %s, cut off %d; visitors' p99 %.1f ms, before %.1f ms, after %.1f ms: %.1f times; resident %s MB"
                        .formatted(
                                attack.requests.get() / seconds,
                                new TreeSet<>(attack.statuses),
                                attack.cutOff.get(),
                                during.p99Millis(),
                                before.p99Millis(),
                                after.p99Millis(),
                                ratio,
                                memory.map(kb -> Long.toString(kb / 1024)).orElse("?"));
        Files.writeString(SEEN, "| " + name + " | " + seen + " |\n", StandardOpenOption.APPEND);

        assertThat(attack.statuses).as(seen).allMatch(status -> status >= 400 && status < 500);
        memory.ifPresent(kb -> assertThat(kb).as(seen).isLessThan(MEMORY_KB));
        if (LONG) {
            assertThat(ratio).as(seen).isLessThanOrEqualTo(WORST_RATIO);
        }
        return attack;
    }

    /** Visitors poll at a steady rate; a poll that is late counts from when it was due. All of them must be answered. */
    private static Polls pollFor(Duration time) throws Exception {
        long started = System.nanoTime();
        long end = started + time.toNanos();
        var took = new ConcurrentLinkedQueue<Long>();
        List<Future<?>> visitors = new ArrayList<>();
        IntStream.range(0, VISITORS)
                .forEach(visitor -> visitors.add(threads.submit(() -> {
                    long apart = 1_000_000_000L * VISITORS / POLLS_PER_SECOND;
                    String path = "/api/v1/queue/status?token=" + keys.tickets().encode(ticket(visitor + 1));
                    try (Wire wire = new Wire()) {
                        for (long due = started + apart * visitor / VISITORS; due < end; due += apart) {
                            LockSupport.parkNanos(due - System.nanoTime());
                            int status = wire.get(path, "198.51.100." + visitor);
                            took.add(System.nanoTime() - due);
                            assertThat(status).isEqualTo(200);
                        }
                    }
                    return null;
                })));
        for (Future<?> visitor : visitors) {
            visitor.get(time.toSeconds() + 60, TimeUnit.SECONDS);
        }
        return new Polls(took.stream().mapToLong(Long::longValue).sorted().toArray());
    }

    private static Ticket ticket(long number) {
        return new Ticket("evt", 7, number, Instant.parse("2026-11-24T12:00:00Z"), Optional.empty());
    }

    /** The gateway's; where the system tells. */
    private static Optional<Long> residentKb() throws IOException {
        Optional<Long> pid = ProcessHandle.current()
                .children()
                .filter(child ->
                        child.info().command().filter(c -> c.endsWith("java")).isPresent())
                .map(ProcessHandle::pid)
                .findFirst();
        Path status = Path.of("/proc", pid.map(String::valueOf).orElse("none"), "status");
        if (!Files.isReadable(status)) {
            return Optional.empty();
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .map(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst();
    }

    private static void pause(Duration time) {
        LockSupport.parkNanos(time.toNanos());
    }

    private static Socket connect() throws IOException {
        URI uri = gateway.uri();
        Socket socket = new Socket(uri.getHost(), uri.getPort());
        socket.setTcpNoDelay(true);
        return socket;
    }

    /** HTTP/1.1 on a connection that is kept: less work than a client library, since the cores are shared. */
    private static final class Wire implements AutoCloseable {
        private final Socket socket;
        private final InputStream in;

        Wire() throws IOException {
            socket = connect();
            socket.setSoTimeout(30_000);
            in = new BufferedInputStream(socket.getInputStream());
        }

        int get(String path, String from) throws IOException {
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: " + from + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            int status = status(in);
            int length = 0;
            for (String line = line(in); !line.isEmpty(); line = line(in)) {
                if (line.regionMatches(true, 0, "content-length:", 0, 15)) {
                    length = Integer.parseInt(line.substring(15).strip());
                }
            }
            in.skipNBytes(length);
            return status;
        }

        static int status(InputStream in) throws IOException {
            String line = line(in);
            if (!line.startsWith("HTTP/1.")) { // 1.0 where the request did not say
                throw new IOException("no answer but the end: " + line);
            }
            return Integer.parseInt(line.substring(9, 12));
        }

        private static String line(InputStream in) throws IOException {
            var line = new StringBuilder();
            for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
                if (c != '\r') {
                    line.append((char) c);
                }
            }
            return line.toString();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
