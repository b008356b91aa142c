package dev.waitingroom.operator;

import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** The operator's pod: configured by its environment alone. */
public final class OperatorMain {
    private OperatorMain() {}

    /** Runs until SIGTERM. Exits with 2 where the environment is wrong. */
    public static void main(String[] args) throws InterruptedException {
        System.setProperty(
                "org.slf4j.simpleLogger.defaultLogLevel", System.getenv().getOrDefault("LOG_LEVEL", "info"));
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
        var end = new CountDownLatch(1);
        Thread main = Thread.currentThread();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            end.countDown();
            try {
                main.join(Duration.ofSeconds(20));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }));
        try (var client = new KubernetesClientBuilder().build()) {
            OperatorProcess process = OperatorProcess.start(settings, client);
            end.await();
            process.close();
        }
    }
}
