package dev.waitingroom.gateway;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What was started, to be stopped in the opposite order; one that fails does not keep the others. Thread-safe. */
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
                LOGGER.atWarn().setCause(e).log("a part did not stop cleanly");
            }
        }
    }
}
