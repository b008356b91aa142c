package dev.waitingroom.gateway;

import dev.waitingroom.gateway.config.Settings;
import dev.waitingroom.gateway.grpc.GrpcPort;
import dev.waitingroom.gateway.http.PortException;
import dev.waitingroom.gateway.verify.GrpcCheck;
import dev.waitingroom.queue.settings.SettingsException;

/** The port of the route check over gRPC. */
final class GatewayGrpc {
    private GatewayGrpc() {}

    /** Returns when the port is open. */
    static GrpcPort open(int port, Settings settings, GatewayHttp.Parts parts) {
        GrpcCheck check = new GrpcCheck(parts.routeCheck(), settings.clients().proxies(), parts.metrics());
        try {
            return GrpcPort.open("GRPC_PORT", settings.bindAddress(), port, check, settings.keepAlive());
        } catch (PortException e) {
            throw new SettingsException(e.problem());
        }
    }
}
