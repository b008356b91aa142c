package dev.waitingroom.testkit.redis;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A Redis Cluster of three primaries with a replica each. */
public final class RedisCluster implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int PRIMARIES = 3;
    private static final int SLOTS = 16_384;

    /** Each node has a bus at its port + {@link FreePorts#BUS}. */
    private final List<RedisProcess> nodes;

    /** For each node, by its port: the port at which clients and its replica reach it. */
    private final Map<Integer, Integer> reached;

    private RedisCluster(List<RedisProcess> nodes, Map<Integer, Integer> reached) {
        this.nodes = nodes;
        this.reached = reached;
    }

    /**
     * Starts it. When the call returns, every slot is served and every replica is in sync.
     *
     * @param nodeTimeout the silence after which a node counts as failing
     */
    public static RedisCluster start(Path executable, Duration nodeTimeout) {
        return start(executable, nodeTimeout, IntUnaryOperator.identity());
    }

    /**
     * @param reachedAt called once for each node's port; returns the port of 127.0.0.1 at which clients and its replica reach it. Nodes
     *     speak to each other on their buses
     */
    public static RedisCluster start(Path executable, Duration nodeTimeout, IntUnaryOperator reachedAt) {
        Map<Integer, Integer> reached = new HashMap<>();
        var cluster = new RedisCluster(
                IntStream.range(0, 2 * PRIMARIES)
                        .mapToObj(i -> {
                            int port = FreePorts.next();
                            reached.put(port, reachedAt.applyAsInt(port));
                            List<String> config = new ArrayList<>(RedisProcess.REPLICATED);
                            config.addAll(List.of(
                                    "cluster-enabled yes",
                                    "cluster-node-timeout " + nodeTimeout.toMillis(),
                                    "cluster-announce-ip 127.0.0.1",
                                    "cluster-announce-port " + reached.get(port),
                                    "cluster-announce-bus-port " + (port + FreePorts.BUS)));
                            return RedisProcess.startOn(executable, port, config.toArray(String[]::new));
                        })
                        .toList(),
                reached);
        cluster.form();
        return cluster;
    }

    private void form() {
        for (int i = 0; i < nodes.size(); i++) {
            nodes.get(i).command("CLUSTER", "SET-CONFIG-EPOCH", Integer.toString(i + 1));
            nodes.get(i)
                    .command(
                            "CLUSTER",
                            "MEET",
                            "127.0.0.1",
                            Integer.toString(nodes.getFirst().port()));
        }
        for (int i = 0; i < PRIMARIES; i++) {
            nodes.get(i)
                    .command(Stream.concat(
                                    Stream.of("CLUSTER", "ADDSLOTS"),
                                    IntStream.range(SLOTS * i / PRIMARIES, SLOTS * (i + 1) / PRIMARIES)
                                            .mapToObj(Integer::toString))
                            .toArray(String[]::new));
        }
        RedisProcess.await(
                PATIENCE,
                "every node knows every other",
                () -> nodes.stream()
                        .allMatch(node -> text(node, "CLUSTER", "NODES").lines().count() == nodes.size()
                                && !text(node, "CLUSTER", "NODES").contains("handshake")));
        for (int i = 0; i < PRIMARIES; i++) {
            nodes.get(PRIMARIES + i).command("CLUSTER", "REPLICATE", id(nodes.get(i)));
        }
        awaitWhole();
    }

    /** Waits until every slot is served and every replica is in sync. */
    public void awaitWhole() {
        RedisProcess.await(
                PATIENCE,
                "a whole cluster",
                () -> nodes.stream()
                                .allMatch(node -> text(node, "CLUSTER", "INFO").contains("cluster_state:ok")
                                        && !text(node, "CLUSTER", "NODES").contains("fail")
                                        && (node.info("role").equals("master")
                                                || node.info("master_link_status")
                                                        .equals("up")))
                        && nodes.stream()
                                        .filter(node -> node.info("role").equals("master"))
                                        .count()
                                == PRIMARIES);
    }

    public String url() {
        return "redis-cluster://127.0.0.1:" + reached(nodes.get(0)) + ",127.0.0.1:" + reached(nodes.get(1));
    }

    private int reached(RedisProcess node) {
        return requireNonNull(reached.get(node.port()));
    }

    public List<RedisProcess> nodes() {
        return nodes;
    }

    /** The primaries that run. */
    public List<RedisProcess> primaries() {
        return nodes.stream()
                .filter(node -> node.running() && node.info("role").equals("master"))
                .toList();
    }

    /** The primary that serves the key's slot. */
    public RedisProcess primaryOf(String key) {
        return primaries().stream()
                .filter(node -> serves(node, slot(key)))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("nobody serves " + key));
    }

    /** The replica of this primary. */
    public RedisProcess replicaOf(RedisProcess primary) {
        return nodes.stream()
                .filter(node -> node.running()
                        && node.info("role").equals("slave")
                        && node.info("master_port").equals(Integer.toString(reached(primary))))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no replica of " + primary.port()));
    }

    /** Waits until this node has become primary. */
    public void awaitPromoted(RedisProcess node) {
        RedisProcess.await(
                PATIENCE, "promotion of " + node.port(), () -> node.info("role").equals("master"));
    }

    /**
     * Moves the key's slot to another primary as an administrator does, key by key, while it is served.
     *
     * @param meanwhile runs when half of the slot's keys are moved
     */
    public void moveSlot(String key, RedisProcess to, Runnable meanwhile) {
        RedisProcess from = primaryOf(key);
        String slot = Integer.toString(slot(key));
        to.command("CLUSTER", "SETSLOT", slot, "IMPORTING", id(from));
        from.command("CLUSTER", "SETSLOT", slot, "MIGRATING", id(to));
        List<String> keys = keysIn(from, slot);
        migrate(from, to, keys.subList(0, keys.size() / 2));
        meanwhile.run();
        for (List<String> rest = keysIn(from, slot); !rest.isEmpty(); rest = keysIn(from, slot)) {
            migrate(from, to, rest);
        }
        for (RedisProcess node : Stream.concat(Stream.of(to, from), primaries().stream())
                .distinct()
                .toList()) {
            node.command("CLUSTER", "SETSLOT", slot, "NODE", id(to));
        }
    }

    private static List<String> keysIn(RedisProcess node, String slot) {
        List<String> keys = new ArrayList<>();
        if (node.command("CLUSTER", "GETKEYSINSLOT", slot, "1000") instanceof List<?> found) {
            found.forEach(key -> keys.add(String.valueOf(key)));
        }
        return keys;
    }

    private static void migrate(RedisProcess from, RedisProcess to, List<String> keys) {
        for (String key : keys) {
            from.command("MIGRATE", "127.0.0.1", Integer.toString(to.port()), key, "0", "5000", "REPLACE");
        }
    }

    private int slot(String key) {
        return Math.toIntExact((Long) requireNonNull(primaries().getFirst().command("CLUSTER", "KEYSLOT", key)));
    }

    private static boolean serves(RedisProcess node, int slot) {
        String own = text(node, "CLUSTER", "NODES")
                .lines()
                .filter(line -> line.contains("myself"))
                .findFirst()
                .orElseThrow();
        return Stream.of(own.split(" ", -1))
                .skip(8)
                .filter(range -> !range.startsWith("["))
                .anyMatch(range -> {
                    String[] ends = range.split("-", -1);
                    return Integer.parseInt(ends[0]) <= slot && slot <= Integer.parseInt(ends[ends.length - 1]);
                });
    }

    private static String id(RedisProcess node) {
        return text(node, "CLUSTER", "MYID");
    }

    private static String text(RedisProcess node, String... words) {
        return String.valueOf(node.command(words));
    }

    /** Restarts what was killed, and resumes what was paused. */
    public void revive() {
        nodes.forEach(RedisProcess::revive);
    }

    @Override
    public void close() {
        nodes.forEach(RedisProcess::close);
    }
}
