package dev.waitingroom.dev.shop;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A shop that sells tickets. It knows nothing of waiting rooms but one header, which ends the visit after a purchase. */
public final class DemoShop implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final byte[] seats = page("Night Concert: tickets", "seats.html");
    private final byte[] thanks = page("Night Concert: thank you", "thanks.html");
    private final byte[] nothing = page("Night Concert: not found", "nothing.html");

    private DemoShop(int port) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    /**
     * Opens the shop.
     *
     * @param port of 127.0.0.1; 0 for any free port
     * @throws IllegalStateException if another process has the port
     */
    public static DemoShop start(int port) {
        try {
            return new DemoShop(port);
        } catch (BindException e) {
            throw new IllegalStateException(
                    "port " + port + " of the shop is in use: end what uses it, or change the port of its Service", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            switch (exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath()) {
                case "GET /", "HEAD /" -> send(exchange, 200, seats);
                case "POST /buy" -> {
                    exchange.getResponseHeaders().set("Waiting-Room-Command", "revoke");
                    send(exchange, 200, thanks);
                }
                default -> send(exchange, 404, nothing);
            }
        }
    }

    private static void send(HttpExchange exchange, int status, byte[] page) throws IOException {
        exchange.getRequestBody().readAllBytes();
        exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.sendResponseHeaders(status, -1);
        } else {
            exchange.sendResponseHeaders(status, page.length);
            exchange.getResponseBody().write(page);
        }
    }

    private static byte[] page(String title, String main) {
        return text("frame.html")
                .replace("TITLE", title)
                .replace("MAIN", text(main))
                .getBytes(UTF_8);
    }

    private static String text(String name) {
        try (InputStream in = Objects.requireNonNull(DemoShop.class.getResourceAsStream("/shop/" + name), name)) {
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}
