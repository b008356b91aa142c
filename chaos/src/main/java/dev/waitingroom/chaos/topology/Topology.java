package dev.waitingroom.chaos.topology;

import dev.waitingroom.queue.redis.RedisSettings;
import dev.waitingroom.testkit.network.Proxy;
import dev.waitingroom.testkit.redis.RedisProcess;
import java.util.List;
import java.util.Optional;

/** Redis as it runs under a site. */
public interface Topology extends AutoCloseable {
    /** Where the operator reaches it. */
    RedisSettings operator();

    /** Where a gateway reaches it, by the gateway's index. */
    default RedisSettings gateway(int index) {
        return operator();
    }

    /** One for each gateway before one Redis; one for each server of several (Sentinel, Cluster), where replicas and Sentinels come through it, too. */
    List<Proxy> links();

    /** The servers that take writes now. */
    List<RedisProcess> primaries();

    /** Every server that holds data. */
    List<RedisProcess> servers();

    /** Whether a server that is killed has its data again when it runs again. */
    default boolean persists() {
        return false;
    }

    /** The clock of the one server, where it can be moved. */
    default Optional<FakeClock> clock() {
        return Optional.empty();
    }

    /** Another Redis beside it, where there can be one. */
    default Optional<Spare> spare() {
        return Optional.empty();
    }

    /** Everything that was stopped runs again, links are whole, and it serves. */
    void heal();

    @Override
    void close();
}
