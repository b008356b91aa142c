package dev.waitingroom.chaos.topology;

import dev.waitingroom.chaos.network.Proxy;
import dev.waitingroom.queue.redis.RedisSettings;
import dev.waitingroom.queue.testing.RedisExecutables;
import dev.waitingroom.queue.testing.RedisProcess;
import dev.waitingroom.queue.testing.RedisSentinels;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A primary, its replica, and three Sentinels. */
public final class SentinelTopology implements Topology {
    private final List<Proxy> links = new ArrayList<>();
    private final RedisSentinels redis =
            RedisSentinels.start(RedisExecutables.usual(), 3, Duration.ofSeconds(1), this::link);

    SentinelTopology() {}

    private int link(int port) {
        links.add(new Proxy(port));
        return links.getLast().port();
    }

    public RedisSentinels redis() {
        return redis;
    }

    @Override
    public RedisSettings operator() {
        return new RedisSettings(redis.url(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    @Override
    public List<Proxy> links() {
        return links;
    }

    @Override
    public boolean replicated() {
        return true;
    }

    @Override
    public List<RedisProcess> primaries() {
        return List.of(redis.primary());
    }

    @Override
    public List<RedisProcess> servers() {
        return redis.servers();
    }

    @Override
    public void heal() {
        links.forEach(Proxy::heal);
        redis.revive();
        redis.awaitWatched();
    }

    @Override
    public void close() {
        links.forEach(Proxy::close);
        redis.close();
    }
}
