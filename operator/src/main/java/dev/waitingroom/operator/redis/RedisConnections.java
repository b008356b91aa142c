package dev.waitingroom.operator.redis;

import dev.waitingroom.queue.GatewayId;
import dev.waitingroom.queue.redis.QueueRedis;
import dev.waitingroom.queue.redis.RedisSettings;
import dev.waitingroom.queue.store.RedisFault;
import dev.waitingroom.queue.store.RedisUnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/**
 * The open connections: one for each Redis, shared by the gateways that use it, and closed when no gateway uses it. Nothing waits under the
 * lock, so a slow Redis delays only the gateways that use it. Thread-safe.
 */
public final class RedisConnections implements AutoCloseable {
    /** A new operator on a busy node reconciles everything at once: its first calls take far longer than later ones. */
    private static final Duration FIRST_ANSWER_PATIENCE = Duration.ofSeconds(5);

    private static final Duration FIRST_ANSWER_PAUSE = Duration.ofMillis(25);

    private record Open(QueueRedis redis, RedisFiles files) {
        void close() {
            redis.close();
            files.delete();
        }
    }

    /** A Redis that is being connected to, or is connected. */
    private static final class Connection {
        final CompletableFuture<Open> opened = new CompletableFuture<>();

        /** Threads inside {@link #connect}: the connection stays while they wait. */
        private int callers;
    }

    private final Function<RedisSettings, QueueRedis> connect;
    private final Map<RedisLocation, Connection> connections = new HashMap<>();
    private final Map<GatewayId, RedisLocation> users = new HashMap<>();

    public RedisConnections(Function<RedisSettings, QueueRedis> connect) {
        this.connect = connect;
    }

    /**
     * The gateway's connection. If the gateway used another Redis before, and no other gateway uses that one, it is closed. The first
     * caller opens the connection and waits for the first answer, at most about 6 s; other callers for the same Redis wait with it.
     *
     * @throws IllegalArgumentException if the location is invalid; the gateway then keeps the connection that it used before
     */
    public QueueRedis connect(GatewayId gateway, RedisLocation location) {
        Connection connection = enter(gateway, location);
        try {
            Open open = connection.opened.join();
            use(gateway, location);
            return open.redis;
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        } finally {
            leave(connection);
        }
    }

    /** The connection that the gateway used last. Its object may be deleted. */
    public synchronized Optional<QueueRedis> last(GatewayId gateway) {
        return Optional.ofNullable(users.get(gateway))
                .map(connections::get)
                .map(connection -> connection.opened.resultNow().redis); // open, since a gateway uses it
    }

    /** The gateway and its rooms are deleted. */
    public void forget(GatewayId gateway) {
        synchronized (this) {
            users.remove(gateway);
        }
        closeUnused();
    }

    @Override
    public void close() {
        synchronized (this) {
            users.clear();
        }
        closeUnused();
    }

    private synchronized void use(GatewayId gateway, RedisLocation location) {
        users.put(gateway, location);
    }

    private Connection enter(GatewayId gateway, RedisLocation location) {
        Connection connection;
        boolean first;
        synchronized (this) {
            first = !connections.containsKey(location);
            connection = connections.computeIfAbsent(location, _ -> new Connection());
            connection.callers++;
        }
        if (first) {
            try {
                connection.opened.complete(open(gateway, location));
            } catch (RuntimeException e) {
                connection.opened.completeExceptionally(e);
            }
        }
        return connection;
    }

    private void leave(Connection connection) {
        synchronized (this) {
            connection.callers--;
        }
        closeUnused();
    }

    private void closeUnused() {
        removeUnused().forEach(Open::close);
    }

    private synchronized List<Open> removeUnused() {
        var unused = new ArrayList<Open>();
        connections.entrySet().removeIf(entry -> {
            Connection connection = entry.getValue();
            if (connection.callers > 0 || users.containsValue(entry.getKey())) {
                return false;
            }
            if (!connection.opened.isCompletedExceptionally()) {
                unused.add(connection.opened.resultNow()); // done, since nobody waits for it
            }
            return true;
        });
        return unused;
    }

    private Open open(GatewayId gateway, RedisLocation location) {
        RedisFiles files = RedisFiles.write(location);
        Open open;
        try {
            open = new Open(connect.apply(files.settings(location)), files);
        } catch (RuntimeException e) {
            files.delete();
            throw e;
        }
        try {
            awaitFirstAnswer(gateway, open.redis);
        } catch (RuntimeException e) {
            open.close();
            throw e;
        }
        return open;
    }

    /** A connection opens while its first call runs. Without this wait, a new connection would look like an unreachable Redis. */
    private static void awaitFirstAnswer(GatewayId gateway, QueueRedis redis) {
        long end = System.nanoTime() + FIRST_ANSWER_PATIENCE.toNanos();
        while (System.nanoTime() < end) {
            try {
                redis.gatewayControl().rooms(gateway);
                return;
            } catch (RedisUnavailableException e) {
                if (e.fault() != RedisFault.UNREACHABLE) {
                    return; // an answer too
                }
                LockSupport.parkNanos(FIRST_ANSWER_PAUSE.toNanos());
            }
        }
    }
}
