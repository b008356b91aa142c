package dev.waitingroom.gateway.ops;

import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Sets slf4j-simple up. It reads its properties at the first logger, so this comes before it. */
public final class Logging {
    private static final Set<String> LEVELS = Set.of("trace", "debug", "info", "warn", "error", "off");

    private Logging() {}

    /** @throws SettingsException if LOG_LEVEL is none of slf4j's levels */
    public static void setUp(Map<String, String> env) {
        String level = env.getOrDefault("LOG_LEVEL", "").strip().toLowerCase(Locale.ROOT);
        if (level.isEmpty()) {
            level = "info";
        }
        if (!LEVELS.contains(level)) {
            throw new SettingsException("LOG_LEVEL cannot be used: \"" + level
                    + "\" is not a level. Set it to trace, debug, info, warn, error or off.");
        }
        // Ours alone go below info: what Netty and Vert.x say at debug drowns everything else.
        boolean verbose = level.equals("trace") || level.equals("debug");
        System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", verbose ? "info" : level);
        System.setProperty("org.slf4j.simpleLogger.log.dev.waitingroom", level);
        if (level.equals("info") || level.equals("warn")) { // an outage of Redis is told by queue, once
            System.setProperty("org.slf4j.simpleLogger.log.io.lettuce", "error");
            // Vert.x opens a port a moment before it has a loop for it: Netty drops a probe of that moment, with a
            // stack trace.
            System.setProperty("org.slf4j.simpleLogger.log.io.netty.bootstrap.ServerBootstrap", "error");
        }
        System.setProperty("org.slf4j.simpleLogger.showDateTime", "true");
        System.setProperty("org.slf4j.simpleLogger.dateTimeFormat", "yyyy-MM-dd'T'HH:mm:ss.SSSXXX");
        System.setProperty("org.slf4j.simpleLogger.levelInBrackets", "true");
        // Vert.x would otherwise log by java.util.logging.
        System.setProperty("vertx.logger-delegate-factory-class-name", "io.vertx.core.logging.SLF4JLogDelegateFactory");
    }
}
