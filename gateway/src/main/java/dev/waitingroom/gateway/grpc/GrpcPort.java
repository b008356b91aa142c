package dev.waitingroom.gateway.grpc;

import dev.waitingroom.gateway.http.PortException;
import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** An open port that serves gRPC without TLS. Thread-safe. */
public final class GrpcPort {
    /** Envoy passes on heads of 60 KiB, and sends the path twice. */
    private static final int MAX_MESSAGE_BYTES = 256 * 1024;

    /** Envoy opens another connection for more. */
    private static final int MAX_CALLS_OF_A_CONNECTION = 100;

    /** A proxy keeps a connection to one pod. It must find the pods that were added since. */
    private static final Duration MAX_AGE = Duration.ofMinutes(2);

    /** Ends calls that never arrive whole. */
    private static final Duration MAX_AGE_GRACE = Duration.ofSeconds(10);

    /** By default the server closes connections whose proxy sends PING more often than every five minutes. */
    private static final Duration MIN_PING_INTERVAL = Duration.ofSeconds(1);

    private final Server server;

    private GrpcPort(Server server) {
        this.server = server;
    }

    /**
     * @param variable the setting of the port, for errors
     * @param port 0 lets the system choose
     * @param service must not block, since it is called on the event loops
     * @param idle how long a connection may be idle
     * @throws PortException if the port cannot be opened
     */
    public static GrpcPort open(String variable, String address, int port, BindableService service, Duration idle) {
        Server server = NettyServerBuilder.forAddress(new InetSocketAddress(address, port))
                .directExecutor()
                .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                .maxConcurrentCallsPerConnection(MAX_CALLS_OF_A_CONNECTION)
                .maxConnectionIdle(idle.toMillis(), TimeUnit.MILLISECONDS)
                .maxConnectionAge(MAX_AGE.toMillis(), TimeUnit.MILLISECONDS)
                .maxConnectionAgeGrace(MAX_AGE_GRACE.toMillis(), TimeUnit.MILLISECONDS)
                .permitKeepAliveTime(MIN_PING_INTERVAL.toMillis(), TimeUnit.MILLISECONDS)
                .permitKeepAliveWithoutCalls(true)
                .intercept(new PeerAddress())
                .addService(service)
                .build();
        try {
            server.start();
        } catch (IOException e) {
            String why = e.getCause() == null ? e.getMessage() : e.getCause().getMessage();
            throw new PortException(variable + " cannot be used: " + address + ":" + port + " cannot be opened (" + why
                    + "). Set it to a free port.");
        }
        return new GrpcPort(server);
    }

    public int port() {
        return server.getPort();
    }

    /** Accepts no new call, completes those in flight, and closes all connections, at the latest after {@code most}. */
    public void close(Duration most) {
        server.shutdown();
        try {
            if (!server.awaitTermination(most.toMillis(), TimeUnit.MILLISECONDS)) {
                server.shutdownNow();
            }
        } catch (InterruptedException e) {
            server.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
