package dev.waitingroom.operator;

import dev.waitingroom.queue.settings.Environment;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.LoggerFactory;

/** The operator's pod: configured by its environment alone. */
public final class OperatorMain {
    private OperatorMain() {}

    /** Runs until SIGTERM, after which it exits with 0. Exits with 2 where the environment is wrong, with 1 where it cannot start or no longer leads. */
    public static void main(String[] args) throws InterruptedException {
        System.setProperty(
                "org.slf4j.simpleLogger.defaultLogLevel", OperatorSettings.logLevel(new Environment(System.getenv())));
        System.setProperty("org.slf4j.simpleLogger.showDateTime", "true");
        System.setProperty("org.slf4j.simpleLogger.dateTimeFormat", "yyyy-MM-dd'T'HH:mm:ss.SSSXXX");
        // Warns that v1alpha1 is alpha.
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
                    // The JVM would exit with 143 after SIGTERM, and a pod that was stopped would be shown as failed.
                    Runtime.getRuntime().halt(status.get());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }));
        try (var client = new KubernetesClientBuilder().build()) {
            OperatorProcess process = OperatorProcess.start(settings, client, () -> {
                if (end.getCount() > 0) { // giving it up at the end is no failure
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
