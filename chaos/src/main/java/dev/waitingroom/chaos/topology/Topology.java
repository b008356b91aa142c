package dev.waitingroom.chaos.topology;

import dev.waitingroom.queue.redis.RedisSettings;
import dev.waitingroom.testkit.network.Proxy;
import dev.waitingroom.testkit.redis.RedisProcess;
import java.util.List;
import java.util.Optional;

/** The Redis of a site. */
public interface Topology extends AutoCloseable {
    /** The settings for the operator. */
    RedisSettings operator();

    /** The settings for a gateway, by its index. */
    default RedisSettings gateway(int index) {
        return operator();
    }

    /** The proxies. A single Redis has one for each gateway. Sentinel and Cluster have one for each server, which replicas and Sentinels also use. */
    List<Proxy> links();

    /** The servers that accept writes now. */
    List<RedisProcess> primaries();

    /** Every server with data. */
    List<RedisProcess> servers();

    /** Whether a killed server has its data again after a restart. */
    default boolean persists() {
        return false;
    }

    /** The clock of the single server, if it can be moved. */
    default Optional<FakeClock> clock() {
        return Optional.empty();
    }

    /** Another Redis, if this kind can have one. */
    default Optional<Spare> spare() {
        return Optional.empty();
    }

    /** Restarts stopped servers and repairs links. Redis serves when the call returns. */
    void heal();

    @Override
    void close();
}
