package dev.waitingroom.operator.ops;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** The admin port: {@code /healthz}, {@code /readyz} and {@code /metrics}. */
public final class AdminServer implements AutoCloseable {
    private final HttpServer server;

    private AdminServer(HttpServer server) {
        this.server = server;
    }

    /** The same, without a detail. */
    public static AdminServer start(
            String address, int port, BooleanSupplier healthy, BooleanSupplier ready, Supplier<String> metrics)
            throws IOException {
        return start(address, port, healthy, ready, () -> "", metrics);
    }

    /**
     * Starts to answer.
     *
     * @param port 0 for any free port
     * @param detail lists the parts that are not ready, even if the operator as a whole is ready
     * @throws IOException if the port is taken
     */
    public static AdminServer start(
            String address,
            int port,
            BooleanSupplier healthy,
            BooleanSupplier ready,
            Supplier<String> detail,
            Supplier<String> metrics)
            throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(address, port), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/healthz", yesOrNo(healthy, () -> ""));
        server.createContext("/readyz", yesOrNo(ready, detail));
        server.createContext(
                "/metrics",
                exchange -> answer(
                        exchange,
                        HttpURLConnection.HTTP_OK,
                        "text/plain; version=0.0.4; charset=utf-8",
                        metrics.get()));
        server.start();
        return new AdminServer(server);
    }

    public int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private static HttpHandler yesOrNo(BooleanSupplier state, Supplier<String> detail) {
        return exchange -> {
            boolean yes = state.getAsBoolean();
            answer(
                    exchange,
                    yes ? HttpURLConnection.HTTP_OK : HttpURLConnection.HTTP_UNAVAILABLE,
                    "text/plain; charset=utf-8",
                    (yes ? "ok\n" : "not yet\n") + detail.get());
        };
    }

    private static void answer(HttpExchange exchange, int status, String type, String text) throws IOException {
        try (exchange) {
            byte[] body = text.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        }
    }
}
