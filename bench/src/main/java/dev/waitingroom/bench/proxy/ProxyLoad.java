package dev.waitingroom.bench.proxy;

import com.nimbusds.jose.JOSEException;
import dev.waitingroom.bench.gateway.LoadedGateway;
import dev.waitingroom.bench.proxy.LoadClient.Times;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Compares requests that a gateway process proxies with those that it answers itself, by the processor time of that process alone. Client and
 * service are other processes on the same machine.
 *
 * @param time of each of the measurements
 */
public record ProxyLoad(Duration time) {
    /** The load at which the times of answers are compared. */
    private static final double LOAD = 0.4;

    /**
     * What was measured.
     *
     * @param constantMicros processor time for an answer of the gateway's own
     * @param proxiedMicros processor time for a proxied request
     * @param mostPerSecond proxied requests a second, as many as the machine could
     * @param direct times of the service without the gateway, at the load
     * @param proxied times of proxied requests, at the load
     */
    public record Figures(
            double constantMicros, double proxiedMicros, double mostPerSecond, Times direct, Times proxied) {
        /** As a table. */
        public String table() {
            return """
                    | proxied requests | value |
                    |---|--:|
                    | CPU of the gateway for a constant answer, µs | %.1f |
                    | CPU of the gateway for a proxied request, µs | %.1f |
                    | ratio | %.2f |
                    | proxied requests a second, at most | %,.0f |
                    | without the gateway, at %.0f%% of that, median and p99, ms | %.2f, %.2f |
                    | through the gateway, at %.0f%% of that, median and p99, ms | %.2f, %.2f |
                    | p99 added, ms | %.2f |""".formatted(
                            constantMicros,
                            proxiedMicros,
                            proxiedMicros / constantMicros,
                            mostPerSecond,
                            LOAD * 100,
                            direct.median(),
                            direct.p99(),
                            LOAD * 100,
                            proxied.median(),
                            proxied.p99(),
                            proxied.p99() - direct.p99());
        }
    }

    /** Starts a gateway, a service and a client, and measures. */
    public Figures measure() throws IOException, JOSEException {
        Path log = Files.createTempFile("gateway", ".log");
        Vertx vertx = Vertx.vertx();
        try (ServiceProcess service = new ServiceProcess(log);
                ProtectedRoom room = ProtectedRoom.open(service.port());
                LoadedGateway gateway = new LoadedGateway(ProtectedRoom.GATEWAY, room.redisUrl(), 0, log)) {
            service.awaitReady();
            gateway.awaitReady();
            String cookie = ProtectedRoom.cookie(gateway.ticketKeys());
            LoadClient constant = new LoadClient(vertx, gateway.port(), "/version", cookie);
            LoadClient proxied = new LoadClient(vertx, gateway.port(), "/seats", cookie);
            LoadClient direct = new LoadClient(vertx, service.port(), "/seats", cookie);
            for (LoadClient warmed : new LoadClient[] {constant, proxied, direct, constant, proxied}) {
                warmed.saturate(time);
            }
            Used own = Used.by(gateway, constant, time);
            Used through = Used.by(gateway, proxied, time);
            double most = through.perSecond();
            return new Figures(
                    own.microsEach(),
                    through.microsEach(),
                    most,
                    direct.pace(most * LOAD, time),
                    proxied.pace(most * LOAD, time));
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
            Files.delete(log);
        }
    }
}
