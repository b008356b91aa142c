package dev.waitingroom.gateway;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Stops components in the reverse order of their start. A failure does not stop the rest. Thread-safe. */
final class Closers {
    private static final Logger LOGGER = LoggerFactory.getLogger(Closers.class);

    private final Deque<Runnable> closers = new ArrayDeque<>();

    synchronized void add(Runnable closer) {
        closers.push(closer);
    }

    /** Repeatable. */
    synchronized void close() {
        while (!closers.isEmpty()) {
            try {
                closers.pop().run();
            } catch (RuntimeException e) {
                LOGGER.atWarn().setCause(e).log("a component failed to stop");
            }
        }
    }
}
