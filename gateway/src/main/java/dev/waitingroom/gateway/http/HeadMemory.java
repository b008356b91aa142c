package dev.waitingroom.gateway.http;

import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.SequencedSet;

/**
 * The memory that the large heads of one event loop's connections take. Connections that wait for an answer count, but are never chosen to
 * be closed.
 */
final class HeadMemory<C> {
    private final long limit;
    private final SequencedSet<C> closable = new LinkedHashSet<>();
    private long bytes;

    /** @param limit bytes */
    HeadMemory(long limit) {
        this.limit = limit;
    }

    /** The head of a connection grew or shrank. */
    void resized(C connection, int before, int now, boolean mayClose) {
        bytes += counted(now) - counted(before);
        if (counted(now) > 0 && mayClose) {
            closable.add(connection);
        } else {
            closable.remove(connection);
        }
    }

    /** The connection does something else now, so it counts as the newest. */
    void moved(C connection, int size, boolean mayClose) {
        closable.remove(connection);
        if (counted(size) > 0 && mayClose) {
            closable.add(connection);
        }
    }

    void closed(C connection, int size) {
        closable.remove(connection);
        bytes -= counted(size);
    }

    /** Takes out the oldest connection that may be closed, if heads take too much memory. */
    Optional<C> excess() {
        return bytes > limit && !closable.isEmpty() ? Optional.of(closable.removeFirst()) : Optional.empty();
    }

    private static int counted(int size) {
        return size > HeadDecoder.SMALL ? size : 0;
    }
}
