package dev.waitingroom.gateway;

import dev.waitingroom.gateway.config.Logging;
import dev.waitingroom.queue.settings.SettingsException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** Runs a gateway process, configured by its environment, until SIGTERM. */
public final class GatewayMain {
    private GatewayMain() {}

    /** Exits with 0 after SIGTERM, at any time; with 2 if a setting is invalid. */
    @SuppressWarnings("SystemOut")
    public static void main(String[] args) {
        var running = new AtomicReference<Optional<GatewayProcess>>(Optional.empty());
        var status = new AtomicInteger();
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            running.get().ifPresent(GatewayProcess::close);
                            // After SIGTERM the JVM would exit with 143, and Kubernetes would show the pod as failed.
                            Runtime.getRuntime().halt(status.get());
                        },
                        "shutdown"));
        try {
            Logging.setUp(System.getenv());
            running.set(Optional.of(GatewayProcess.start(System.getenv())));
        } catch (SettingsException e) {
            System.err.println(e.getMessage());
            status.set(2);
            System.exit(2);
        } catch (RuntimeException | Error e) {
            status.set(1);
            throw e;
        }
    }
}
