package dev.waitingroom.chaos.topology;

import dev.waitingroom.testkit.redis.RedisCluster;
import dev.waitingroom.testkit.redis.RedisExecutables;
import dev.waitingroom.testkit.redis.RedisProcess;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/** Three primaries with a replica each. */
public final class ClusterTopology extends ReplicatedTopology {
    private final RedisCluster redis = RedisCluster.start(RedisExecutables.usual(), Duration.ofSeconds(2), this::link);

    ClusterTopology() {}

    public RedisCluster redis() {
        return redis;
    }

    @Override
    public RedisProcess primaryOf(Supplier<String> key) {
        return redis.primaryOf(key.get());
    }

    @Override
    public RedisProcess replicaOf(RedisProcess primary) {
        return redis.replicaOf(primary);
    }

    @Override
    public void awaitPromoted(RedisProcess replica) {
        redis.awaitPromoted(replica);
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
    String url() {
        return redis.url();
    }

    @Override
    void reviveServers() {
        redis.revive();
        redis.awaitWhole();
    }

    @Override
    void closeServers() {
        redis.close();
    }
}
