package dev.waitingroom.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waitingroom.gateway.ManualClock;
import dev.waitingroom.gateway.client.AddressHeader;
import dev.waitingroom.gateway.client.ClientLimits;
import dev.waitingroom.gateway.client.TrustedProxies;
import dev.waitingroom.gateway.client.WebOrigins;
import dev.waitingroom.gateway.http.EventFeed.Step;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams on one event loop over real connections. A test moves the time, and says what the streams send. */
class EventStreamsTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    /** Within this, each stream has been looked at. */
    private static final Duration LOOK = Duration.ofMillis(1_100);

    private static final String GET = "GET /stream HTTP/1.1\r\nHost: x\r\n";

    private final ManualClock clock = new ManualClock();
    private final Meter meter = new Meter();
    private final ClientLimits clients =
            new ClientLimits(0, new TrustedProxies(List.of(), AddressHeader.X_FORWARDED_FOR), 5, 1_000);
    private final EventStreams streams = new EventStreams(clients, meter, clock);
    private final AtomicInteger looks = new AtomicInteger();
    private volatile EventFeed feed = now -> new Step.Pause();
    private final Vertx vertx = Vertx.vertx();
    private final HttpPort port = open();
    private final List<Socket> sockets = new ArrayList<>();

    /** Keeps the causes of ends. */
    private static final class Meter implements StreamMeter {
        private final AtomicInteger events = new AtomicInteger();
        private final List<StreamEnd> ends = new CopyOnWriteArrayList<>();

        @Override
        public void streamOpened() {}

        @Override
        public void eventSent() {
            events.incrementAndGet();
        }

        @Override
        public void streamEnded(StreamEnd why) {
            ends.add(why);
        }
    }

    /** Connections may be idle for 300 ms, and there may be five. */
    private HttpPort open() {
        Endpoint endpoint = x -> x.stream(streams, event(0, "first"), now -> {
            looks.incrementAndGet();
            return feed.next(now);
        });
        HttpLimits limits = new HttpLimits(SECOND, Duration.ofMillis(300), Duration.ofMillis(300), 5, 20_000);
        Router router = new Router(
                List.of(Route.get("/stream", endpoint), Route.get("/other", x -> x.answerEmpty(204))),
                new Cors(WebOrigins.NONE),
                Fallback.NONE,
                new ClientRateLimiter(clients, clock::nanoTime),
                (route, method, status, nanos) -> {},
                limits.body(),
                () -> false);
        return HttpPort.open(vertx, "PORT", "127.0.0.1", 0, 1, router, limits);
    }

    @AfterEach
    void close() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
        port.close(SECOND);
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private static ServerSentEvent event(int id, String data) {
        return new ServerSentEvent("e", Integer.toString(id), Buffer.buffer(data));
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket();
        sockets.add(socket);
        socket.setReceiveBufferSize(16 * 1024);
        socket.setSoTimeout(10_000);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port.port()));
        return socket;
    }

    /** A connection whose stream has begun. */
    private Socket stream(String request) throws IOException {
        Socket socket = connect();
        send(socket, request);
        assertThat(readUntil(socket, "data: first\n\n")).contains(": connected\n");
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Reads until all that has come contains this text. */
    private static String readUntil(Socket socket, String text) throws IOException {
        StringBuilder all = new StringBuilder();
        byte[] some = new byte[64 * 1024];
        while (all.indexOf(text) < 0) {
            int length = socket.getInputStream().read(some);
            assertThat(length).as("the connection ended after: %s", all).isPositive();
            all.append(new String(some, 0, length, StandardCharsets.ISO_8859_1));
        }
        return all.toString();
    }

    private static String readToEnd(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    private static boolean isOpen(Socket socket) {
        try {
            socket.setSoTimeout(1);
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
            return false;
        } catch (SocketTimeoutException e) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    // --- HTTP ---

    @ParameterizedTest
    @ValueSource(strings = {"", "Connection: keep-alive\r\n"})
    void streamOfHttp10EndsWithItsConnection(String header) throws IOException {
        Socket socket = connect();
        send(socket, "GET /stream HTTP/1.0\r\n" + header + "\r\n");
        String head = readUntil(socket, "data: first\n\n");
        feed = now -> new Step.End(Optional.of(event(1, "last")));

        clock.advance(LOOK);

        assertThat(head.toLowerCase(java.util.Locale.ROOT))
                .contains("connection: close")
                .doesNotContain("transfer-encoding");
        assertThat(head).contains("\r\n\r\n: connected\n");
        assertThat(readToEnd(socket)).endsWith("id: 1\nevent: e\ndata: last\n\n");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10_000})
    void connectionServesTheNextRequestAfterAStream(int cookie) throws IOException {
        Socket socket = stream(GET + "Cookie: " + "c".repeat(cookie) + "\r\n\r\n");
        feed = now -> new Step.End(Optional.empty());
        clock.advance(LOOK);
        readUntil(socket, "0\r\n\r\n");

        send(socket, "GET /other HTTP/1.1\r\nHost: x\r\n\r\n");

        assertThat(readUntil(socket, "\r\n\r\n")).startsWith("HTTP/1.1 204");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET /other HTTP/1.1\r\nHost: x\r\n\r\n", "GET /oth"})
    void connectionThatAsksMoreDuringItsStreamIsClosed(String more) throws IOException {
        Socket socket = stream(GET + "\r\n");

        send(socket, more);

        assertThat(readToEnd(socket)).doesNotContain("HTTP/1.1 204");
        Awaitility.await().untilAsserted(() -> assertThat(meter.ends).containsExactly(StreamEnd.CLIENT_GONE));
    }

    @Test
    void failureOfAFeedEndsItsStreamAlone() throws IOException {
        Socket socket = stream(GET + "\r\n");
        AtomicInteger calls = new AtomicInteger();
        feed = now -> {
            if (calls.getAndIncrement() == 0) {
                throw new IllegalStateException("a test");
            }
            return new Step.Pause();
        };

        clock.advance(LOOK);
        Socket other = stream(GET + "\r\n");
        clock.advance(LOOK);

        assertThat(calls.get()).isGreaterThan(1);
        assertThat(isOpen(other)).isTrue();
        assertThat(readToEnd(socket)).isEmpty();
        assertThat(meter.ends).containsExactly(StreamEnd.FAILED);
    }

    // --- limits of connections ---

    @Test
    void streamIsNotAnIdleConnection() throws IOException {
        Socket socket = stream(GET + "\r\n");
        Socket idle = connect();
        Awaitility.await().until(() -> !isOpen(idle));
        feed = now -> new Step.Send(event(1, "later"));

        clock.advance(LOOK);

        assertThat(readUntil(socket, "data: later")).isNotEmpty();
    }

    @Test
    void streamsTakeNoOthersConnection() throws IOException {
        List<Socket> many = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            many.add(stream(GET + "\r\n"));
        }
        Socket other = connect();
        send(other, "GET /other HTTP/1.1\r\nHost: x\r\n\r\n");
        assertThat(readUntil(other, "\r\n\r\n")).startsWith("HTTP/1.1 204");
        feed = now -> new Step.Send(event(1, "later"));

        clock.advance(LOOK);

        for (Socket socket : many) {
            assertThat(readUntil(socket, "data: later")).isNotEmpty();
        }
    }

    /** All large heads together may have 20 KB here. */
    @Test
    void largeHeadsOfStreamsDoNotUseUpTheMemoryForHeads() throws IOException {
        List<Socket> many = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            many.add(stream(GET + "Cookie: " + "c".repeat(9_000) + "\r\n\r\n"));
        }

        Socket other = connect();
        send(other, "GET /other HTTP/1.1\r\nHost: x\r\nCookie: " + "c".repeat(9_000) + "\r\n\r\n");

        assertThat(readUntil(other, "\r\n\r\n")).startsWith("HTTP/1.1 204");
        send(other, "GET /other HTTP/1.1\r\nHost: x\r\n\r\n");
        assertThat(readUntil(other, "\r\n\r\n")).startsWith("HTTP/1.1 204");
        assertThat(many).allMatch(EventStreamsTest::isOpen);
    }

    // --- slow clients ---

    @Test
    void slowClientMissesEventsAndGetsTheNewest() throws IOException {
        Socket socket = stream(GET + "\r\n");
        fillUp(socket);
        int sent = looks.get();

        clock.advance(Duration.ofSeconds(20));
        assertThat(looks).as("nothing is added to a full queue").hasValue(sent);
        readUntil(socket, "id: " + sent + "\nevent: e\ndata: " + "d".repeat(EVENT_BYTES) + "\n\n");
        feed = now -> new Step.Send(event(7_777, "newest"));
        clock.advance(LOOK);

        assertThat(readUntil(socket, "data: newest")).contains("id: 7777\n");
        assertThat(meter.ends).isEmpty();
    }

    @Test
    void clientThatReadsNothingIsCutOff() throws IOException {
        Socket socket = stream(GET + "\r\n");
        fillUp(socket);

        clock.advance(Duration.ofSeconds(31));

        assertThat(meter.ends).containsExactly(StreamEnd.SLOW_CLIENT);
        Awaitility.await().until(() -> !isOpen(socket));
    }

    private static final int EVENT_BYTES = 100_000;

    /** Sends large events to a client that does not read, until the server's queue is full. */
    private void fillUp(Socket reader) {
        assertThat(reader.isConnected()).isTrue();
        feed = now -> new Step.Send(event(looks.get(), "d".repeat(EVENT_BYTES)));
        for (int before = -1; before != looks.get(); ) {
            before = looks.get();
            clock.advance(LOOK);
            assertThat(before).as("bytes that nobody reads").isLessThan(1_000);
        }
    }

    // --- slices ---

    @Test
    void sliceLooksAtNoMoreThan64Streams() throws IOException {
        for (int i = 0; i < 150; i++) {
            stream(GET + "\r\n");
        }
        clock.skip(LOOK);

        runSlice();
        assertThat(looks).hasValue(EventStreamLoop.SLICE);
        assertThat(runSlice()).as("time for others").isGreaterThanOrEqualTo(Duration.ofMillis(1));
        assertThat(looks).hasValue(2 * EventStreamLoop.SLICE);
        runSlice();
        assertThat(looks).hasValue(150);
    }

    /** @return the time until it ran */
    private Duration runSlice() {
        int before = looks.get();
        Duration waited = Duration.ZERO;
        while (looks.get() == before) {
            waited = waited.plus(clock.runNext());
        }
        return waited;
    }

    @Test
    void eachStreamIsLookedAtOnceASecond() throws IOException {
        for (int i = 0; i < 10; i++) {
            stream(GET + "\r\n");
        }

        clock.advance(Duration.ofSeconds(100));

        assertThat(looks.get()).isBetween(10 * 98, 10 * 101);
    }

    @Test
    void drainEndsStreamsOneByOne() throws IOException {
        for (int i = 0; i < 50; i++) {
            stream(GET + "\r\n");
        }
        streams.drain(Duration.ofSeconds(10));
        clock.awaitLoops();

        clock.advance(Duration.ofSeconds(5));
        assertThat(meter.ends)
                .as("with a chance of 10^-12")
                .hasSizeBetween(1, 49)
                .containsOnly(StreamEnd.DRAINED);

        clock.advance(Duration.ofSeconds(6));
        assertThat(meter.ends).hasSize(50);
    }
}
