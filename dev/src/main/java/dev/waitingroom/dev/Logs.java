package dev.waitingroom.dev;

/** How the operator logs while it runs in this process. To be set up before the first logger is made. */
final class Logs {
    private static final String PREFIX = "org.slf4j.simpleLogger.";

    private Logs() {}

    /** @param level of our own loggers; libraries say only what is wrong */
    static void setUp(String level) {
        System.setProperty(PREFIX + "defaultLogLevel", "warn");
        System.setProperty(PREFIX + "log.dev.waitingroom", level);
        // Warns that v1alpha1 is alpha.
        System.setProperty(PREFIX + "log.io.fabric8.kubernetes.client.dsl.internal.VersionUsageUtils", "error");
        System.setProperty(PREFIX + "cacheOutputStream", "false");
        System.setProperty(PREFIX + "showThreadName", "false");
        System.setProperty(PREFIX + "showShortLogName", "true");
    }
}
