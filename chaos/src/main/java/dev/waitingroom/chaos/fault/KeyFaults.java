package dev.waitingroom.chaos.fault;

import dev.waitingroom.chaos.topology.Topology;
import dev.waitingroom.testkit.redis.RedisProcess;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Removes keys of one room: directly, or by a Redis that evicts. */
final class KeyFaults {
    private static final int FILLER_BYTES = 512;
    private static final int MAX_FILLERS = 5_000;

    /** Free memory for writes before the first eviction. */
    private static final int MARGIN_BYTES = 4_096;

    private final Topology topology;
    private final String event;
    private final Random random;
    private final Draws draws;

    KeyFaults(Topology topology, String event, Random random) {
        this.topology = topology;
        this.event = event;
        this.random = random;
        this.draws = new Draws(random);
    }

    /** Deletes one key. Each kind of key is equally likely, however many keys it has. */
    String deleteOne() {
        RedisProcess server = server();
        TreeMap<String, List<String>> kinds = keys(server).stream()
                .sorted()
                .collect(Collectors.groupingBy(this::kind, TreeMap::new, Collectors.toList()));
        List<String> kind = draws.one(List.copyOf(kinds.values()));
        String key = draws.one(kind);
        server.command("DEL", key);
        return key;
    }

    /** Fills Redis with other data until it has evicted some of the room's keys. */
    String evict() {
        RedisProcess server = server();
        String policy = random.nextBoolean() ? "allkeys-lru" : "allkeys-random";
        int wanted = 1 + random.nextInt(4);
        Set<String> before = new HashSet<>(keys(server));
        Set<String> gone = Set.of();
        server.command("CONFIG", "SET", "maxmemory-policy", policy);
        server.command("CONFIG", "SET", "maxmemory", Long.toString(usedBytes(server) + MARGIN_BYTES));
        int fillers = 0;
        try {
            for (; fillers < MAX_FILLERS && gone.size() < wanted; fillers++) {
                server.command("SET", filler(fillers), "x".repeat(FILLER_BYTES));
                gone = new HashSet<>(before);
                gone.removeAll(keys(server));
            }
        } finally {
            server.command("CONFIG", "SET", "maxmemory", "0");
            server.command("CONFIG", "SET", "maxmemory-policy", "noeviction");
            for (int i = 0; i <= fillers; i++) {
                server.command("DEL", filler(i));
            }
        }
        return policy + ": " + gone;
    }

    private static long usedBytes(RedisProcess server) {
        return Long.parseLong(server.info("used_memory"));
    }

    /** The key has the room's hash tag, so that one server of a Cluster has both. */
    private String filler(int number) {
        return "other:{shop/" + event + "}:" + number;
    }

    private String prefix() {
        return "wr:{shop/" + event + "}:";
    }

    /** The primary that has the room's keys. */
    private RedisProcess server() {
        return topology.primaries().stream()
                .filter(server -> !keys(server).isEmpty())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no Redis has a key of " + event));
    }

    private List<String> keys(RedisProcess server) {
        List<String> found = new ArrayList<>();
        String cursor = "0";
        do {
            List<?> reply = (List<?>) server.command("SCAN", cursor, "MATCH", prefix() + "*", "COUNT", "10000");
            if (reply == null) {
                throw new IllegalStateException("no reply to SCAN");
            }
            cursor = String.valueOf(reply.getFirst());
            ((List<?>) reply.getLast()).forEach(key -> found.add(String.valueOf(key)));
        } while (!cursor.equals("0"));
        return found;
    }

    private String kind(String key) {
        return key.substring(prefix().length()).replaceFirst(":.*", "");
    }
}
