package dev.waitingroom.chaos.acceptance;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * Clients that mean ill, in a process of their own, so that they take the gateway's time and not the visitors'. Says {@code begun} when all are
 * at it, goes on until its input ends, and says in one line what they were answered, see {@link Attack#read}.
 */
final class AttackMain {
    private static final int SLOW_CLIENTS = 1_000;
    private static final int WRONG_TOKENS_PER_SECOND = 10_000;
    private static final int GUESSERS = 16;
    private static final int JUNK_BYTES = 8 * 1024;
    private static final int COOKIES = 5; // are past the limit of heads
    private static final int CORES = Runtime.getRuntime().availableProcessors();

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

    private interface Attacker {
        void run() throws IOException;
    }

    private final URI gateway;
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicLong begun = new AtomicLong();
    private final AtomicLong requests = new AtomicLong();
    private final AtomicLong cutOff = new AtomicLong();
    private final Set<Integer> statuses = new ConcurrentSkipListSet<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    private AttackMain(URI gateway) {
        this.gateway = gateway;
    }

    /** @param arguments which attack, the gateway, a good token, from how many addresses */
    public static void main(String[] arguments) throws Exception {
        AttackMain attack = new AttackMain(URI.create(arguments[1]));
        attack.begin(arguments[0], arguments[2], Integer.parseInt(arguments[3]));
        System.out.println("begun");
        while (System.in.read() >= 0) {
            // Whoever started it holds the other end.
        }
        attack.over.set(true);
        attack.threads.close();
        System.out.println(new Attack(attack.requests.get(), attack.cutOff.get(), attack.statuses).line());
    }

    /** What attackers were answered. Without an answer a connection is cut off: where it did not end as a request, there is nothing to answer. */
    record Attack(long requests, long cutOff, Set<Integer> statuses) {
        String line() {
            return requests + " " + cutOff + " "
                    + statuses.stream().map(String::valueOf).collect(Collectors.joining(","));
        }

        static Attack read(String line) {
            String[] words = line.split(" ", -1);
            return new Attack(
                    Long.parseLong(words[0]),
                    Long.parseLong(words[1]),
                    Set.of(words[2].split(",", -1)).stream()
                            .filter(word -> !word.isEmpty())
                            .map(Integer::valueOf)
                            .collect(Collectors.toSet()));
        }
    }

    private void begin(String which, String goodToken, int addresses) {
        long all = switch (which) {
            case "slow" -> {
                for (int i = 0; i < SLOW_CLIENTS; i++) {
                    String request = i % 2 == 0
                            ? "GET /api/v1/queue/status?token=x HTTP/1.1\r\nHost: x\r\nX-Slow: "
                            : "POST /api/v1/queue/join HTTP/1.1\r\nHost: x\r\nContent-Length: 4000\r\n\r\n";
                    with(() -> drip(request));
                }
                yield SLOW_CLIENTS;
            }
            case "junk" -> {
                PATHS.forEach(path -> with(() -> junk(path)));
                yield PATHS.size();
            }
            case "tokens" -> {
                for (int i = 0; i < GUESSERS; i++) {
                    with(() -> guess(goodToken, addresses));
                }
                yield GUESSERS;
            }
            case "nobody" -> {
                keepCoresAwake();
                yield 0;
            }
            default -> throw new IllegalArgumentException("no such attack: " + which);
        };
        while (begun.get() < all) {
            LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
        }
    }

    /** The host of a virtual machine takes a core that sleeps, and whoever is woken there waits until it gives it back. */
    private void keepCoresAwake() {
        for (int i = 0; i < CORES; i++) {
            Thread.ofPlatform().daemon().start(() -> {
                while (!over.get()) {
                    // Not onSpinWait, for which a host may take the core, too.
                }
            });
        }
    }

    private void with(Attacker attacker) {
        var _ = threads.submit(() -> {
            while (!over.get()) {
                try {
                    attacker.run();
                } catch (IOException e) {
                    cutOff.incrementAndGet();
                    LockSupport.parkNanos(Duration.ofMillis(1).toNanos()); // and comes again
                }
            }
        });
    }

    private void answered(int status) {
        requests.incrementAndGet();
        statuses.add(status);
    }

    private void drip(String beginning) throws IOException {
        try (Socket socket = Wire.connect(gateway)) {
            socket.setSoTimeout(1_000);
            socket.getOutputStream().write(beginning.getBytes(StandardCharsets.US_ASCII));
            begun.incrementAndGet();
            InputStream in = socket.getInputStream();
            while (!over.get()) {
                socket.getOutputStream().write('x');
                try {
                    answered(Wire.status(in));
                    return;
                } catch (SocketTimeoutException e) {
                    // No answer within a second: on with the next byte.
                }
            }
        }
    }

    private void junk(String path) throws IOException {
        begun.incrementAndGet();
        RandomGenerator random = RandomGenerator.getDefault();
        byte[] junk = new byte[JUNK_BYTES];
        random.nextBytes(junk);
        byte[] printable = new byte[JUNK_BYTES];
        for (int i = 0; i < printable.length; i++) {
            printable[i] = (byte) ('!' + (junk[i] & 0x3f));
        }
        String text = new String(printable, StandardCharsets.US_ASCII);
        String method = path.startsWith("/api") && !path.endsWith("status") ? "POST" : "PUT";
        List<byte[]> each = List.of(
                junk,
                join(
                        (method + " " + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: " + JUNK_BYTES + "\r\n\r\n")
                                .getBytes(StandardCharsets.US_ASCII),
                        junk),
                ("GET " + path + "?" + text.replace(' ', '+') + " HTTP/1.1\r\nHost: x\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII),
                ("DELETE " + path + " HTTP/1.1\r\nHost: x\r\nCookie: " + text.repeat(COOKIES) + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        for (byte[] request : each) {
            try (Socket socket = Wire.connect(gateway)) {
                socket.getOutputStream().write(request);
                socket.shutdownOutput();
                answered(Wire.status(socket.getInputStream()));
            } catch (IOException e) {
                cutOff.incrementAndGet();
            }
        }
    }

    private static byte[] join(byte[] one, byte[] other) {
        byte[] all = java.util.Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, all, one.length, other.length);
        return all;
    }

    private void guess(String good, int addresses) throws IOException {
        RandomGenerator random = RandomGenerator.getDefault();
        try (Wire wire = new Wire(gateway)) {
            begun.incrementAndGet();
            long started = System.nanoTime();
            for (long sent = 0; !over.get(); sent++) {
                int at = 8 + random.nextInt(good.length() - 9);
                char other = good.charAt(at) == 'A' ? 'B' : 'A';
                String token = good.substring(0, at) + other + good.substring(at + 1);
                int from = random.nextInt(addresses);
                answered(wire.get("/api/v1/queue/status?token=" + token, "203." + from / 250 + ".113." + from % 250));
                LockSupport.parkNanos(
                        started + sent * GUESSERS * 1_000_000_000L / WRONG_TOKENS_PER_SECOND - System.nanoTime());
            }
        }
    }
}
