package dev.waitingroom.gateway.http;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** An open port. Thread-safe. */
public final class HttpPort {
    private static final Duration OPEN_TIMEOUT = Duration.ofSeconds(10);
    private static final int SWEEPS = 15; // within the shorter of the two times

    private final List<HttpServer> servers;

    private HttpPort(List<HttpServer> servers) {
        this.servers = servers;
    }

    /**
     * @param variable the setting of the port, for errors
     * @param port 0 lets the system choose
     * @param loops how many event loops serve the port
     * @throws PortException if the port cannot be opened
     */
    public static HttpPort open(
            Vertx vertx, String variable, String address, int port, int loops, Router router, HttpLimits limits) {
        List<HttpServer> servers = new CopyOnWriteArrayList<>();
        HttpServerOptions options = options().setHost(address).setPort(port == 0 ? free(address) : port);
        Future<String> deployed = vertx.deployVerticle(
                () -> new VerticleBase() {
                    @Override
                    public Future<?> start() {
                        ConnectionReaper watch = new ConnectionReaper(limits.ofOneLoop(loops), System::nanoTime);
                        vertx.setPeriodic(sweepMillis(limits), id -> watch.sweep());
                        HttpServer server = vertx.createHttpServer(options)
                                .connectionHandler(watch::opened)
                                .requestHandler(request -> router.handle(request, context));
                        servers.add(server);
                        return server.listen();
                    }
                },
                new DeploymentOptions().setInstances(loops));
        try {
            deployed.toCompletionStage().toCompletableFuture().get(OPEN_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            Throwable why = e.getCause() == null ? e : e.getCause();
            throw new PortException(variable + " cannot be used: " + address + ":" + port + " cannot be opened ("
                    + why.getMessage() + "). Set it to a free port.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a port was opened", e);
        }
        return new HttpPort(servers);
    }

    /** A free port for all loops. Vert.x 5.2 cannot choose it, since it takes all servers with port 0 for one. */
    private static int free(String address) {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(address))) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new PortException("BIND_ADDRESS cannot be used: " + address + " (" + e.getMessage()
                    + "). Set it to an address of this machine.");
        }
    }

    private static long sweepMillis(HttpLimits limits) {
        Duration shortest = limits.head().compareTo(limits.keepAlive()) < 0 ? limits.head() : limits.keepAlive();
        return Math.max(1, shortest.toMillis() / SWEEPS);
    }

    /** {@link HeadDecoder} checks sizes, {@link ConnectionReaper} idle connections, and {@link RequestBody} sends 100 (Continue). */
    private static HttpServerOptions options() {
        return new HttpServerOptions()
                .setIdleTimeout(0)
                .setHttp2ClearTextEnabled(false)
                .setAcceptBacklog(4096)
                .setTcpNoDelay(true);
    }

    public int port() {
        return servers.getFirst().actualPort();
    }

    /** Accepts no new request, completes those in flight, and closes all connections, at the latest after {@code most}. */
    public void close(Duration most) {
        Future<Void> closed = Future.all(servers.stream()
                        .map(server -> server.shutdown(most.toMillis(), TimeUnit.MILLISECONDS))
                        .toList())
                .mapEmpty();
        try {
            closed.toCompletionStage().toCompletableFuture().get(most.toMillis() + 1_000, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            // The shutdown goes on.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
