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
 * Compares route checks for an admitted visitor with an answer of the same server that never changes, by the processor time of a gateway
 * process alone. Then Redis is stopped.
 *
 * @param time of each of the measurements
 */
public record CheckLoad(Duration time) {
    private static final double LOAD = 0.4;

    /** The two take turns, since the machine is not always as fast. */
    private static final int ROUNDS = 3;

    /** A port that nobody connects to: the gateway does not proxy here. */
    private static final int NO_SERVICE = 1;

    /**
     * What was measured.
     *
     * @param constantMicros processor time for an answer that never changes
     * @param checkMicros processor time for a route check
     * @param mostPerSecond route checks a second, as many as the machine could
     * @param away times of route checks at the load, without Redis
     */
    public record Figures(double constantMicros, double checkMicros, double mostPerSecond, Times away) {
        /** As a table. */
        public String table() {
            return """
                    | route checks | value |
                    |---|--:|
                    | CPU of the gateway for a constant answer, µs | %.1f |
                    | CPU of the gateway for a route check, µs | %.1f |
                    | route checks for each constant answer in the same CPU time | %.2f |
                    | route checks a second, at most | %,.0f |
                    | at %.0f%% of that with Redis away, median and p99, ms | %.2f, %.2f |""".formatted(
                            constantMicros,
                            checkMicros,
                            constantMicros / checkMicros,
                            mostPerSecond,
                            LOAD * 100,
                            away.median(),
                            away.p99());
        }
    }

    /** Starts a gateway and a client, and measures. */
    public Figures measure() throws IOException, JOSEException {
        Path log = Files.createTempFile("gateway", ".log");
        Vertx vertx = Vertx.vertx();
        try (ProtectedRoom room = ProtectedRoom.open(NO_SERVICE);
                LoadedGateway gateway = new LoadedGateway(ProtectedRoom.GATEWAY, room.redisUrl(), 0, log)) {
            gateway.awaitReady();
            String cookie = ProtectedRoom.cookie(gateway.ticketKeys());
            LoadClient constant = new LoadClient(vertx, gateway.port(), "/version", cookie);
            LoadClient check = new LoadClient(
                    vertx, gateway.port(), "/verify/envoy/" + ProtectedRoom.EVENT + "/seats?row=3", cookie);
            for (LoadClient warmed : new LoadClient[] {constant, check, constant, check}) {
                warmed.saturate(time);
            }
            Used constants = Used.by(gateway, constant, time);
            Used checks = Used.by(gateway, check, time);
            for (int round = 1; round < ROUNDS; round++) {
                constants = constants.and(Used.by(gateway, constant, time));
                checks = checks.and(Used.by(gateway, check, time));
            }
            room.stopRedis();
            double most = checks.perSecond();
            return new Figures(constants.microsEach(), checks.microsEach(), most, check.pace(most * LOAD, time));
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
            Files.delete(log);
        }
    }
}
