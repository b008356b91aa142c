package dev.waitingroom.gateway.http;

import io.vertx.core.http.HttpConnection;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.function.LongSupplier;

/**
 * Closes connections that are idle for too long, and those whose client sends a head or reads answers too slowly. If there are too many
 * connections, or their heads take too much memory, it closes those that have been so for longest. So new visitors are served even if
 * someone keeps connections open. It never closes a connection that waits for an answer. Each set is ordered by the time of entry, so a
 * pass visits only the connections that it closes. Confined to an event loop.
 * Streams do not count, since they have a limit of their own. If more is asked while a stream is open, the connection is closed, since
 * the request would stay in memory for hours.
 */
final class ConnectionReaper {
    private final HttpLimits limits;
    private final LongSupplier nanoTime;
    private final SequencedSet<Watched> idle = new LinkedHashSet<>();
    private final SequencedSet<Watched> slow = new LinkedHashSet<>();
    private final SequencedSet<Watched> answering = new LinkedHashSet<>();
    private final SequencedSet<Watched> streaming = new LinkedHashSet<>();
    private final HeadMemory<Watched> heads;

    /** @param limits the share of this event loop */
    ConnectionReaper(HttpLimits limits, LongSupplier nanoTime) {
        this.limits = limits;
        this.nanoTime = nanoTime;
        this.heads = new HeadMemory<>(limits.headBytes());
    }

    void opened(HttpConnection connection) {
        Watched watched = new Watched(connection);
        Requests.follow(connection, watched);
        connection.closeHandler(closed -> watched.forget());
        if (idle.size() + slow.size() + answering.size() > limits.connections()) {
            longestWithoutARequest().close();
        }
    }

    /** Exists, since the connection that was opened last is idle. */
    private Watched longestWithoutARequest() {
        if (slow.isEmpty()) {
            return idle.getFirst();
        }
        Watched slowest = slow.getFirst();
        return idle.isEmpty() || slowest.since - idle.getFirst().since < 0 ? slowest : idle.getFirst();
    }

    void sweep() {
        long now = nanoTime.getAsLong();
        closeOlder(idle, now - limits.keepAlive().toNanos());
        closeOlder(slow, now - limits.head().toNanos());
    }

    private static void closeOlder(SequencedSet<Watched> connections, long latest) {
        while (!connections.isEmpty() && connections.getFirst().since - latest <= 0) {
            connections.getFirst().close();
        }
    }

    private void closeLarge() {
        for (Optional<Watched> next = heads.excess(); next.isPresent(); next = heads.excess()) {
            next.get().close();
        }
    }

    private SequencedSet<Watched> in(State state) {
        return switch (state) {
            case IDLE -> idle;
            case SLOW -> slow;
            case ANSWERING -> answering;
            case STREAMING -> streaming;
        };
    }

    private enum State {
        IDLE,
        SLOW,
        ANSWERING,
        STREAMING
    }

    /** One connection. */
    private final class Watched implements Requests.Listener {
        private final HttpConnection connection;
        private State state = State.IDLE;
        private long since = nanoTime.getAsLong();
        private int asked;
        private boolean inBody;
        private boolean stalled;
        private boolean streams;
        private int unfinished;
        private int bytes;

        Watched(HttpConnection connection) {
            this.connection = connection;
            idle.add(this);
        }

        @Override
        public void asked() {
            if (streams) {
                close();
                return;
            }
            asked++;
            inBody = true;
            move();
        }

        @Override
        public void answered() {
            asked--;
            streams = false;
            move();
        }

        @Override
        public void streaming() {
            streams = true;
            if (asked > 1) {
                close();
            }
            move();
        }

        @Override
        public void sent() {
            inBody = false;
            move();
        }

        @Override
        public void stalled(boolean stalled) {
            this.stalled = stalled;
            move();
        }

        @Override
        public void read(int unfinished, int kept) {
            if (streams && unfinished > 0) {
                close();
                return;
            }
            this.unfinished = unfinished;
            move();
            count(unfinished + kept);
        }

        private void move() {
            State now = state();
            if (now == state || !in(state).remove(this)) {
                return; // as it was, or closed
            }
            in(now).add(this);
            state = now;
            since = nanoTime.getAsLong();
            heads.moved(this, bytes, asked == 0);
        }

        private State state() {
            if (asked == 0) {
                return inBody || unfinished > 0 || stalled ? State.SLOW : State.IDLE;
            }
            return streams ? State.STREAMING : State.ANSWERING;
        }

        private void count(int all) {
            if (all == bytes || !in(state).contains(this)) {
                return;
            }
            heads.resized(this, bytes, all, asked == 0);
            bytes = all;
            closeLarge();
        }

        void forget() {
            if (in(state).remove(this)) {
                heads.closed(this, bytes);
            }
        }

        void close() {
            forget();
            connection.close();
        }
    }
}
