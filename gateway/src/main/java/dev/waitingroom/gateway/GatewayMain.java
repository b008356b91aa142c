package dev.waitingroom.gateway;

import dev.waitingroom.gateway.ops.Logging;
import dev.waitingroom.gateway.ops.SettingsException;

/** Runs a gateway as its environment says, until it is told to stop. */
public final class GatewayMain {
    private GatewayMain() {}

    @SuppressWarnings("SystemOut")
    public static void main(String[] args) {
        try {
            Logging.setUp(System.getenv());
            GatewayProcess process = GatewayProcess.start(System.getenv());
            Runtime.getRuntime().addShutdownHook(new Thread(process::close, "shutdown"));
        } catch (SettingsException e) {
            System.err.println(e.getMessage());
            System.exit(2);
        }
    }
}
