package dev.waitingroom.chaos.topology;

import dev.waitingroom.queue.redis.RedisSettings;
import dev.waitingroom.testkit.network.Proxy;
import dev.waitingroom.testkit.redis.RedisProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Servers that elect a primary by themselves. Each is reached through its own link. */
public abstract sealed class ReplicatedTopology implements Topology permits ClusterTopology, SentinelTopology {
    private final List<Proxy> links = new ArrayList<>();

    /** Puts a link in front of the server at this port, and returns the port of the link. */
    final int link(int port) {
        links.add(new Proxy(port));
        return links.getLast().port();
    }

    /** @param key only read by kinds that need it */
    public abstract RedisProcess primaryOf(Supplier<String> key);

    public abstract RedisProcess replicaOf(RedisProcess primary);

    /** Waits until this server has become primary. */
    public abstract void awaitPromoted(RedisProcess replica);

    /** The URL for clients. */
    abstract String url();

    /** Restarts stopped servers, and waits until replicas are in sync. The links are repaired before. */
    abstract void reviveServers();

    abstract void closeServers();

    @Override
    public RedisSettings operator() {
        return RedisSettings.of(url());
    }

    @Override
    public List<Proxy> links() {
        return links;
    }

    @Override
    public void heal() {
        links.forEach(Proxy::heal);
        reviveServers();
    }

    @Override
    public void close() {
        links.forEach(Proxy::close);
        closeServers();
    }
}
