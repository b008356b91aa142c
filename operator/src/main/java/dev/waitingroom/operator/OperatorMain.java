package dev.waitingroom.operator;

import dev.waitingroom.queue.settings.Environment;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.LoggerFactory;

/** The operator's process, configured by environment variables alone. */
public final class OperatorMain {
    private OperatorMain() {}

    /** Runs until SIGTERM. Exits with 0 after SIGTERM, 1 if it cannot start or loses its lease, 2 if the environment is invalid. */
    public static void main(String[] args) throws InterruptedException {
        System.setProperty(
                "org.slf4j.simpleLogger.defaultLogLevel", OperatorSettings.logLevel(new Environment(System.getenv())));
        System.setProperty("org.slf4j.simpleLogger.showDateTime", "true");
        System.setProperty("org.slf4j.simpleLogger.dateTimeFormat", "yyyy-MM-dd'T'HH:mm:ss.SSSXXX");
        // It warns that v1alpha1 is an alpha version.
        System.setProperty(
                "org.slf4j.simpleLogger.log.io.fabric8.kubernetes.client.dsl.internal.VersionUsageUtils", "error");
        OperatorSettings settings;
        try {
            settings = OperatorSettings.from(System.getenv());
        } catch (IllegalArgumentException e) {
            System.err.println("waitingroom-operator: " + e.getMessage());
            System.exit(2);
            return;
        }
        System.exit(run(settings));
    }

    private static int run(OperatorSettings settings) throws InterruptedException {
        var status = new AtomicInteger();
        var end = new CountDownLatch(1);
        var ended = new CountDownLatch(1);
        var started = new AtomicBoolean();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            end.countDown();
            try {
                if (!started.get() || ended.await(20, TimeUnit.SECONDS)) {
                    // After SIGTERM the JVM would exit with 143, and Kubernetes would show the pod as failed.
                    Runtime.getRuntime().halt(status.get());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }));
        try (var client = new KubernetesClientBuilder().build()) {
            OperatorProcess process = OperatorProcess.start(settings, client, () -> {
                if (end.getCount() > 0) { // giving the lease back at the end is not a failure
                    status.set(1);
                }
                end.countDown();
            });
            started.set(true);
            end.await();
            process.close();
        } catch (RuntimeException e) {
            LoggerFactory.getLogger(OperatorMain.class).atError().setCause(e).log("operator failed to start");
            status.set(1);
        } finally {
            ended.countDown();
        }
        return status.get();
    }
}
