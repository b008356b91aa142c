package dev.waitingroom.gateway.config;

import dev.waitingroom.queue.settings.Environment;
import dev.waitingroom.queue.settings.SettingsException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Configures slf4j-simple. It reads its properties with the first logger, so this must run earlier. */
public final class Logging {
    private static final List<String> LEVELS = List.of("trace", "debug", "info", "warn", "error", "off");

    /** Kept, since java.util.logging forgets the level of a logger that nobody keeps. */
    private static final Logger GRPC = Logger.getLogger("io.grpc");

    private Logging() {}

    /** @throws SettingsException if LOG_LEVEL is not a level of slf4j */
    public static String level(Environment environment) {
        return environment.parsed(
                "LOG_LEVEL",
                "What is logged: this level and the more severe ones.",
                String.join(", ", LEVELS.subList(0, LEVELS.size() - 1)) + " or " + LEVELS.getLast(),
                Logging::parse,
                "info",
                "info");
    }

    private static String parse(String value) {
        String level = value.toLowerCase(Locale.ROOT);
        if (!LEVELS.contains(level)) {
            throw new IllegalArgumentException("\"" + level + "\" is not a level");
        }
        return level;
    }

    /** @throws SettingsException if LOG_LEVEL is not a level of slf4j */
    public static void setUp(Map<String, String> env) {
        String level = level(new Environment(env));
        // Only our own loggers go below info. Netty and Vert.x log too much at debug.
        boolean verbose = level.equals("trace") || level.equals("debug");
        System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", verbose ? "info" : level);
        System.setProperty("org.slf4j.simpleLogger.log.dev.waitingroom", level);
        if (level.equals("info") || level.equals("warn")) {
            // The queue logs an outage of Redis once.
            System.setProperty("org.slf4j.simpleLogger.log.io.lettuce", "error");
            // Vert.x opens a port before it assigns an event loop. Netty drops a probe of that moment with a stack
            // trace.
            System.setProperty("org.slf4j.simpleLogger.log.io.netty.bootstrap.ServerBootstrap", "error");
            // gRPC warns with a stack trace of each message that is too large.
            GRPC.setLevel(Level.SEVERE);
        }
        System.setProperty("org.slf4j.simpleLogger.showDateTime", "true");
        System.setProperty("org.slf4j.simpleLogger.dateTimeFormat", "yyyy-MM-dd'T'HH:mm:ss.SSSXXX");
        System.setProperty("org.slf4j.simpleLogger.levelInBrackets", "true");
        // Otherwise Vert.x logs to java.util.logging.
        System.setProperty("vertx.logger-delegate-factory-class-name", "io.vertx.core.logging.SLF4JLogDelegateFactory");
    }
}
