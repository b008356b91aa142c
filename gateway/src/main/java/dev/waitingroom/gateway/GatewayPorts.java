package dev.waitingroom.gateway;

import dev.waitingroom.gateway.config.Settings;
import dev.waitingroom.gateway.grpc.GrpcPort;
import dev.waitingroom.gateway.http.HttpPort;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Optional;

/**
 * The open ports of a gateway process.
 *
 * @param http the API
 * @param admin metrics and probes
 * @param grpc the route check over gRPC, if it is served
 */
record GatewayPorts(HttpPort http, HttpPort admin, Optional<GrpcPort> grpc) {
    /** Longer than an admit is held. */
    private static final Duration REQUESTS_END = Duration.ofSeconds(4);

    /** A check takes microseconds. */
    private static final Duration CHECKS_END = Duration.ofSeconds(1);

    /** Opens the ports. Blocks until they are open. */
    static GatewayPorts open(Vertx vertx, Settings settings, GatewayHttp.Parts parts, Closers closers) {
        HttpPort admin = GatewayHttp.openAdmin(vertx, settings, parts);
        closers.add(() -> admin.close(Duration.ZERO));
        HttpPort http = GatewayHttp.openPublic(vertx, settings, parts);
        closers.add(() -> http.close(REQUESTS_END));
        Optional<GrpcPort> grpc = settings.grpcPort().map(port -> GatewayGrpc.open(port, settings, parts));
        grpc.ifPresent(port -> closers.add(() -> port.close(CHECKS_END)));
        return new GatewayPorts(http, admin, grpc);
    }
}
