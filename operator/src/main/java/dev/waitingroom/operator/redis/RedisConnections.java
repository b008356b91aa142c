package dev.waitingroom.operator.redis;

import dev.waitingroom.queue.GatewayId;
import dev.waitingroom.queue.control.RedisUnavailableException;
import dev.waitingroom.queue.redis.QueueRedis;
import dev.waitingroom.queue.redis.RedisSettings;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/** The open connections: one for each Redis, shared by the gateways that use it, closed when none does. Thread-safe. */
public final class RedisConnections implements AutoCloseable {
    private static final Duration FIRST_ANSWER_PATIENCE = Duration.ofMillis(500);
    private static final Duration FIRST_ANSWER_PAUSE = Duration.ofMillis(25);

    private record Open(QueueRedis redis, RedisFiles files) {}

    private final Function<RedisSettings, QueueRedis> connect;
    private final Map<RedisLocation, Open> open = new HashMap<>();
    private final Map<GatewayId, RedisLocation> users = new HashMap<>();

    public RedisConnections(Function<RedisSettings, QueueRedis> connect) {
        this.connect = connect;
    }

    /**
     * The gateway's connection. Where the gateway used another Redis until now, that one is closed if nobody else uses it.
     *
     * @throws IllegalArgumentException where the location cannot be understood
     */
    public synchronized QueueRedis connect(GatewayId gateway, RedisLocation location) {
        Open connection = open.get(location);
        if (connection == null) {
            RedisFiles files = RedisFiles.write(location);
            connection = new Open(connect.apply(files.settings(location)), files);
            open.put(location, connection);
            awaitFirstAnswer(gateway, connection.redis);
        }
        if (!location.equals(users.put(gateway, location))) {
            closeUnused();
        }
        return connection.redis;
    }

    /** The connection that the gateway used last, though its object may be gone. */
    public synchronized Optional<QueueRedis> last(GatewayId gateway) {
        return Optional.ofNullable(users.get(gateway)).map(open::get).map(Open::redis);
    }

    /** The gateway is gone, and so are its rooms. */
    public synchronized void forget(GatewayId gateway) {
        users.remove(gateway);
        closeUnused();
    }

    @Override
    public synchronized void close() {
        users.clear();
        closeUnused();
    }

    private void closeUnused() {
        open.entrySet().removeIf(entry -> {
            if (users.containsValue(entry.getKey())) {
                return false;
            }
            entry.getValue().redis.close();
            entry.getValue().files.delete();
            return true;
        });
    }

    /** A connection comes up beside its first call; one that is only young is not to be taken for a Redis that is gone. */
    private static void awaitFirstAnswer(GatewayId gateway, QueueRedis redis) {
        long end = System.nanoTime() + FIRST_ANSWER_PATIENCE.toNanos();
        while (System.nanoTime() < end) {
            try {
                redis.gatewayControl().rooms(gateway);
                return;
            } catch (RedisUnavailableException e) {
                LockSupport.parkNanos(FIRST_ANSWER_PAUSE.toNanos());
            }
        }
    }
}
