package dev.waitingroom.chaos.topology;

import dev.waitingroom.queue.redis.RedisSettings;
import dev.waitingroom.testkit.network.Proxy;
import dev.waitingroom.testkit.redis.RedisProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Servers that elect a primary by themselves, each reached through a link of its own. */
public abstract sealed class ReplicatedTopology implements Topology permits ClusterTopology, SentinelTopology {
    private final List<Proxy> links = new ArrayList<>();

    /** Puts a link before the server at this port, and says where it is reached then. */
    final int link(int port) {
        links.add(new Proxy(port));
        return links.getLast().port();
    }

    /** @param key asked for only where it matters */
    public abstract RedisProcess primaryOf(Supplier<String> key);

    public abstract RedisProcess replicaOf(RedisProcess primary);

    /** Waits until this server has become primary. */
    public abstract void awaitPromoted(RedisProcess replica);

    /** Where clients begin to look. */
    abstract String url();

    /** What was stopped runs again, and replicas are in sync; the links are whole by then. */
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
