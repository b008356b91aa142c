package dev.waitingroom.dev;

/** Log settings of the operator in this process. Must be set before the first logger is created. */
final class Logs {
    private static final String PREFIX = "org.slf4j.simpleLogger.";

    private Logs() {}

    /** @param level of our own loggers; libraries log warnings and errors only */
    static void setUp(String level) {
        System.setProperty(PREFIX + "defaultLogLevel", "warn");
        System.setProperty(PREFIX + "log.dev.waitingroom", level);
        // It warns that v1alpha1 is an alpha version.
        System.setProperty(PREFIX + "log.io.fabric8.kubernetes.client.dsl.internal.VersionUsageUtils", "error");
        System.setProperty(PREFIX + "cacheOutputStream", "false");
        System.setProperty(PREFIX + "showThreadName", "false");
        System.setProperty(PREFIX + "showShortLogName", "true");
    }
}
