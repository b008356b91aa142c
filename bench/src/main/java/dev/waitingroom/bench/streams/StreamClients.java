package dev.waitingroom.bench.streams;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.awaitility.Awaitility;

/** Clients that read a stream each. They run on one thread, to leave the processors to the gateway. */
final class StreamClients implements AutoCloseable {
    private static final int CONNECTING = 100;
    private static final byte[] EVENT = "event: status\n".getBytes(StandardCharsets.US_ASCII);

    private final Vertx vertx =
            Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(1));
    private final NetClient client = vertx.createNetClient(
            new NetClientOptions().setConnectTimeout(30_000).setReconnectAttempts(3));
    private final Semaphore connecting = new Semaphore(CONNECTING);
    private final AtomicInteger begun = new AtomicInteger();
    private final LongAdder events = new LongAdder();
    private final LongAdder ended = new LongAdder();

    /** Opens a stream for each token. Returns when all have begun. */
    void open(int port, List<String> tokens) throws InterruptedException {
        for (String token : tokens) {
            connecting.acquire();
            client.connect(port, "127.0.0.1")
                    .onSuccess(socket -> read(socket, token))
                    .onFailure(e -> {
                        ended.increment();
                        connecting.release();
                    });
        }
        if (!connecting.tryAcquire(CONNECTING, 1, TimeUnit.MINUTES)) {
            throw new IllegalStateException("streams did not begin");
        }
        Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> begun.get() + ended.sum() >= tokens.size());
    }

    private void read(NetSocket socket, String token) {
        Reader reader = new Reader();
        socket.handler(reader::read);
        socket.closeHandler(closed -> ended.increment());
        socket.write("GET /api/v1/queue/stream?token=" + token + " HTTP/1.1\r\nHost: load\r\n\r\n");
    }

    /** Finds events in what comes, wherever it was cut. */
    private final class Reader {
        private int matched;
        private boolean first = true;

        void read(Buffer some) {
            for (int i = 0; i < some.length(); i++) {
                byte next = some.getByte(i);
                matched = next == EVENT[matched] ? matched + 1 : next == EVENT[0] ? 1 : 0;
                if (matched == EVENT.length) {
                    matched = 0;
                    event();
                }
            }
        }

        private void event() {
            events.increment();
            if (first) {
                first = false;
                begun.incrementAndGet();
                connecting.release();
            }
        }
    }

    long events() {
        return events.sum();
    }

    /** Streams that could not begin, or ended. */
    long ended() {
        return ended.sum();
    }

    @Override
    public void close() {
        vertx.close().await();
    }
}
