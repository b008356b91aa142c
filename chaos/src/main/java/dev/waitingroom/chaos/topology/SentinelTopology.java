package dev.waitingroom.chaos.topology;

import dev.waitingroom.testkit.redis.RedisExecutables;
import dev.waitingroom.testkit.redis.RedisProcess;
import dev.waitingroom.testkit.redis.RedisSentinels;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/** A primary, its replica, and three Sentinels. */
public final class SentinelTopology extends ReplicatedTopology {
    private final RedisSentinels redis =
            RedisSentinels.start(RedisExecutables.usual(), 3, Duration.ofSeconds(1), this::link);

    SentinelTopology() {}

    @Override
    public RedisProcess primaryOf(Supplier<String> key) {
        redis.awaitWatched(); // a machine that ran nobody for a second makes Sentinel replace the primary by itself
        return redis.primary();
    }

    @Override
    public RedisProcess replicaOf(RedisProcess primary) {
        return redis.replica();
    }

    /** Disconnects the replica from its primary. Sentinels that see both repair that after about eight seconds. */
    public static void deafen(RedisProcess replica) {
        replica.command("REPLICAOF", "127.0.0.1", "1");
    }

    @Override
    public void awaitPromoted(RedisProcess replica) {
        redis.awaitPromoted(replica);
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
    String url() {
        return redis.url();
    }

    @Override
    void reviveServers() {
        redis.revive();
        redis.awaitWatched();
    }

    @Override
    void closeServers() {
        redis.close();
    }
}
