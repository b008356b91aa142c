package dev.waitingroom.testkit.redis;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A primary, its replica, and the Sentinels that watch them. A test can have all of them, and clients, reach the two servers through a proxy. */
public final class RedisSentinels implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final List<RedisProcess> servers;
    private final List<RedisProcess> sentinels;

    /** For each server, by its port: the port at which it is reached. */
    private final Map<Integer, Integer> reached;

    private RedisSentinels(List<RedisProcess> servers, List<RedisProcess> sentinels, Map<Integer, Integer> reached) {
        this.servers = servers;
        this.sentinels = sentinels;
        this.reached = reached;
    }

    /**
     * Starts them. When the call returns, the replica is known and in sync.
     *
     * @param sentinels their number; more than half of them decide
     * @param downAfter the silence after which a Sentinel counts the primary as down
     */
    public static RedisSentinels start(Path executable, int sentinels, Duration downAfter) {
        return start(executable, sentinels, downAfter, IntUnaryOperator.identity());
    }

    /** @param reachedAt called once for each server's port; returns the port of 127.0.0.1 at which all others reach it */
    public static RedisSentinels start(Path executable, int sentinels, Duration downAfter, IntUnaryOperator reachedAt) {
        int first = FreePorts.next();
        int firstReached = reachedAt.applyAsInt(first);
        RedisProcess primary = server(executable, first, firstReached);
        int second = FreePorts.next();
        int secondReached = reachedAt.applyAsInt(second);
        RedisProcess replica = server(executable, second, secondReached, "replicaof 127.0.0.1 " + firstReached);
        RedisProcess.await(
                PATIENCE,
                "replica in sync",
                () -> replica.info("master_link_status").equals("up"));
        List<RedisProcess> watchers = IntStream.range(0, sentinels)
                .mapToObj(i -> RedisProcess.start(
                        executable,
                        "sentinel monitor line 127.0.0.1 %d %d".formatted(firstReached, sentinels / 2 + 1),
                        "sentinel down-after-milliseconds line " + downAfter.toMillis(),
                        "sentinel failover-timeout line 3000"))
                .toList();
        var started = new RedisSentinels(
                List.of(primary, replica), watchers, Map.of(first, firstReached, second, secondReached));
        started.awaitWatched();
        return started;
    }

    private static RedisProcess server(Path executable, int port, int reached, String... more) {
        List<String> config = new ArrayList<>(RedisProcess.REPLICATED);
        config.addAll(List.of("replica-announce-ip 127.0.0.1", "replica-announce-port " + reached));
        config.addAll(List.of(more));
        return RedisProcess.startOn(executable, port, config.toArray(String[]::new));
    }

    public String url() {
        return "redis-sentinel://"
                + sentinels.stream()
                        .map(sentinel -> "127.0.0.1:" + sentinel.port())
                        .collect(Collectors.joining(","))
                + "#line";
    }

    /** Both servers. */
    public List<RedisProcess> servers() {
        return servers;
    }

    /** The current primary, among the servers that answer. */
    public RedisProcess primary() {
        return withRole("master");
    }

    /** The current replica, among the servers that answer. */
    public RedisProcess replica() {
        return withRole("slave");
    }

    private RedisProcess withRole(String role) {
        return servers.stream()
                .filter(server -> hasRole(server, role))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no server is " + role));
    }

    private static boolean hasRole(RedisProcess server, String role) {
        try {
            return server.running() && server.info("role").equals(role);
        } catch (java.io.UncheckedIOException e) {
            return false;
        }
    }

    /** Waits until this server has become primary. */
    public void awaitPromoted(RedisProcess server) {
        RedisProcess.await(PATIENCE, "promotion of " + server.port(), () -> hasRole(server, "master"));
    }

    /** Waits until there is one primary, the replica is in sync, and every Sentinel knows both. */
    public void awaitWatched() {
        RedisProcess.await(PATIENCE, "a primary and a replica in sync", () -> {
            int primary = requireNonNull(reached.get(primary().port()));
            RedisProcess replica = replica();
            return replica.info("master_port").equals(Integer.toString(primary))
                    && replica.info("master_link_status").equals("up")
                    && sentinels.stream()
                            .map(sentinel -> sentinel.info("master0"))
                            .allMatch(line -> line.contains("status=ok")
                                    && line.contains("address=127.0.0.1:" + primary)
                                    && line.contains("slaves=1,sentinels=" + sentinels.size()));
        });
    }

    /** Restarts what was killed, and resumes what was paused. */
    public void revive() {
        servers.forEach(RedisProcess::revive);
        sentinels.forEach(RedisProcess::revive);
    }

    @Override
    public void close() {
        sentinels.forEach(RedisProcess::close);
        servers.forEach(RedisProcess::close);
    }
}
