package dev.waitingroom.dev;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Started parts, which end in reverse order. A failure of one does not stop the others from ending. */
final class Running implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(Running.class);

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();

    <T extends AutoCloseable> T add(T part) {
        parts.push(part);
        return part;
    }

    @Override
    public void close() {
        for (AutoCloseable part : parts) {
            try {
                part.close();
            } catch (Exception e) {
                LOGGER.atWarn().setCause(e).log("could not stop a part");
            }
        }
    }
}
