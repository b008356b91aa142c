package dev.waitingroom.chaos.topology;

import dev.waitingroom.chaos.network.Proxy;
import dev.waitingroom.queue.redis.RedisSettings;
import dev.waitingroom.queue.testing.RedisCluster;
import dev.waitingroom.queue.testing.RedisExecutables;
import dev.waitingroom.queue.testing.RedisProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Three primaries with a replica each. */
public final class ClusterTopology implements Topology {
    private final List<Proxy> links = new ArrayList<>();
    private final RedisCluster redis = RedisCluster.start(RedisExecutables.usual(), Duration.ofSeconds(2), this::link);

    ClusterTopology() {}

    private int link(int port) {
        links.add(new Proxy(port));
        return links.getLast().port();
    }

    public RedisCluster redis() {
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
        return redis.primaries();
    }

    @Override
    public List<RedisProcess> servers() {
        return redis.nodes();
    }

    @Override
    public void heal() {
        links.forEach(Proxy::heal);
        redis.revive();
        redis.awaitWhole();
    }

    @Override
    public void close() {
        links.forEach(Proxy::close);
        redis.close();
    }
}
