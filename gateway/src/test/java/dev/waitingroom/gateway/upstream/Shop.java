package dev.waitingroom.gateway.upstream;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.ServerWebSocket;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/** A service behind the gateway, over real sockets. It keeps the requests that it saw. */
public final class Shop implements AutoCloseable {
    /** A request as the shop saw it. */
    public record Seen(String method, String uri, Map<String, String> headers) {
        public String header(String name) {
            return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
        }
    }

    private static final int MAX_FRAME = 2 << 20;
    static final int CHUNK = 64 * 1024;

    public final List<Seen> seen = new CopyOnWriteArrayList<>();
    final AtomicInteger closedEarly = new AtomicInteger();
    private final Vertx vertx = Vertx.vertx();
    private final HttpServer server;

    public Shop() {
        server = vertx.createHttpServer(new HttpServerOptions()
                        .setHost("127.0.0.1")
                        .setPort(0)
                        .setMaxWebSocketFrameSize(MAX_FRAME)
                        .setMaxWebSocketMessageSize(MAX_FRAME))
                .webSocketHandler(Shop::echo)
                .requestHandler(this::answer);
        await(server.listen());
    }

    private static <T> T await(io.vertx.core.Future<T> future) {
        return future.toCompletionStage().toCompletableFuture().join();
    }

    public int port() {
        return server.actualPort();
    }

    private static void echo(ServerWebSocket socket) {
        socket.frameHandler(frame -> {
            if (frame.isText() || frame.isBinary() || frame.isContinuation()) {
                var _ = socket.writeFrame(frame);
            }
        });
    }

    private void answer(HttpServerRequest request) {
        seen.add(new Seen(
                request.method().name(),
                request.uri(),
                request.headers().entries().stream()
                        .collect(Collectors.toMap(
                                entry -> entry.getKey().toLowerCase(Locale.ROOT),
                                Map.Entry::getValue,
                                (one, other) -> one + " | " + other))));
        HttpServerResponse response = request.response();
        switch (String.valueOf(request.path())) {
            case "/upload" -> count(request);
            case "/download" -> download(request, Integer.parseInt(request.getParam("chunks")));
            case "/events" -> {
                response.putHeader("Content-Type", "text/event-stream").setChunked(true);
                var _ = response.write("data: one\n\n");
            }
            case "/silent" -> {}
            case "/revoke" -> {
                response.putHeader("Waiting-Room-Command", "revoke");
                var _ = response.end("bye");
            }
            case "/public" -> {
                response.putHeader("Cache-Control", "public, max-age=60");
                var _ = response.end("for all");
            }
            case "/not-modified" -> {
                var _ = response.setStatusCode(304).putHeader("ETag", "\"1\"").end();
            }
            case "/sized" -> {
                var _ = response.putHeader("Content-Length", "7").end();
            }
            case "/no-content" -> {
                var _ = response.setStatusCode(204).end();
            }
            case "/coded" -> {
                var _ = response.putHeader("Content-Encoding", "gzip").end("as it is");
            }
            case "/hops" -> {
                response.putHeader("Connection", "X-Hop")
                        .putHeader("X-Hop", "1")
                        .putHeader("Keep-Alive", "timeout=9");
                var _ = response.end("hop");
            }
            case "/missing" -> {
                var _ = response.setStatusCode(404).end("no such thing");
            }
            case "/flaky" -> {
                if (closedEarly.getAndIncrement() == 0) {
                    var _ = request.connection().close();
                } else {
                    var _ = response.end("second time");
                }
            }
            default -> {
                response.putHeader("Set-Cookie", "sid=1");
                response.putHeader("Connection", "keep-alive");
                var _ = response.end("shop " + request.uri());
            }
        }
    }

    private static void count(HttpServerRequest request) {
        long[] bytes = {0};
        request.handler(buffer -> bytes[0] += buffer.length());
        request.endHandler(end -> {
            var _ = request.response().end("got " + bytes[0]);
        });
    }

    private static void download(HttpServerRequest request, int chunks) {
        HttpServerResponse response = request.response().setChunked(true);
        Buffer chunk = Buffer.buffer(new byte[CHUNK]);
        int[] left = {chunks};
        Runnable more = () -> {
            while (left[0] > 0 && !response.writeQueueFull()) {
                left[0]--;
                var _ = response.write(chunk);
            }
            if (left[0] == 0) {
                left[0] = -1;
                var _ = response.end();
            }
        };
        response.drainHandler(drained -> more.run());
        more.run();
    }

    /** Stops listening; existing connections are closed. */
    void stop() {
        await(server.close());
    }

    @Override
    public void close() {
        await(vertx.close());
    }
}
