package dev.waitingroom.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.netty.channel.ChannelOption;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.impl.HttpServerConnection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class RequestsTest {
    private static final ChannelOption<Integer> USER_TIMEOUT =
            ChannelOption.valueOf("io.netty.channel.epoll.EpollChannelOption#TCP_USER_TIMEOUT");

    /** Linux closes a connection if what was sent is not acknowledged for this long. */
    @Test
    void brokenConnectionIsNoticedWhileItStreams() throws IOException {
        Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
        try {
            assumeThat(vertx.isNativeTransportEnabled()).isTrue();
            CompletableFuture<HttpConnection> opened = new CompletableFuture<>();
            HttpLimits limits = HttpLimits.of(10, Duration.ofMinutes(1));
            ConnectionReaper reaper = new ConnectionReaper(limits, System::nanoTime);
            CompletableFuture<Duration> before = new CompletableFuture<>();
            CompletableFuture<Duration> during = new CompletableFuture<>();
            HttpServer server = vertx.createHttpServer()
                    .connectionHandler(connection -> {
                        reaper.opened(connection);
                        opened.complete(connection);
                    })
                    .requestHandler(request -> {
                        before.complete(userTimeout(request.connection()));
                        Requests.stream(request.connection());
                        during.complete(userTimeout(request.connection()));
                        request.response().end("done");
                    })
                    .listen(0, "127.0.0.1")
                    .await();

            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.actualPort())) {
                socket.setSoTimeout(10_000);
                socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                assertThat(socket.getInputStream().read()).isEqualTo('H');

                assertThat(before.join()).isZero();
                assertThat(during.join()).hasSeconds(30);
                assertThat(userTimeout(opened.join())).as("of the next answer").isZero();
            }
        } finally {
            vertx.close().await();
        }
    }

    private static Duration userTimeout(HttpConnection connection) {
        return Duration.ofMillis(((HttpServerConnection) connection)
                .channelHandlerContext()
                .channel()
                .config()
                .getOption(USER_TIMEOUT));
    }
}
