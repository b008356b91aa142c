package dev.waitingroom.chaos.fault;

import dev.waitingroom.chaos.fault.Injection.Effect;
import dev.waitingroom.chaos.history.Span;
import dev.waitingroom.chaos.site.GatewayChild;
import dev.waitingroom.chaos.site.Gateways;
import dev.waitingroom.chaos.site.Recorder;
import dev.waitingroom.chaos.site.TendedRooms;
import dev.waitingroom.chaos.topology.ClusterTopology;
import dev.waitingroom.chaos.topology.ReplicatedTopology;
import dev.waitingroom.chaos.topology.SentinelTopology;
import dev.waitingroom.chaos.topology.Spare;
import dev.waitingroom.chaos.topology.Topology;
import dev.waitingroom.testkit.network.Proxy;
import dev.waitingroom.testkit.network.Proxy.Mode;
import dev.waitingroom.testkit.redis.RedisProcess;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Carries out one fault on a site. Damage that can only be repaired together with all else is left to the {@link Injector}. */
final class FaultExecutor {
    private final Topology topology;
    private final Gateways gateways;
    private final TendedRooms rooms;
    private final Random random;
    private final Draws draws;
    private final Fault fault;
    private final long from = now();
    private long without = from;
    private long withoutEnd = from;
    private Effect effect = Effect.NOTHING;
    private Duration jump = Duration.ZERO;
    private String what = "";
    private List<String> killed = List.of();
    private final List<Span> apart = new ArrayList<>();

    /** @param random the source of all that is random about the fault */
    FaultExecutor(Fault fault, Topology topology, Gateways gateways, TendedRooms rooms, Random random) {
        this.fault = fault;
        this.topology = topology;
        this.gateways = gateways;
        this.rooms = rooms;
        this.random = random;
        this.draws = new Draws(random);
    }

    /** Carries the fault out, and returns at its end. */
    void inflict() throws InterruptedException {
        what = switch (fault) {
            case GATEWAY_KILLED -> gatewayKilled();
            case GATEWAY_PAUSED -> gatewayPaused();
            case GATEWAY_CLOCK -> gatewayClock();
            case REDIS_KILLED -> redisKilled();
            case REDIS_PAUSED -> redisPaused();
            case REDIS_CLOCK -> redisClock();
            case LINK_CUT -> links(0, 0, new Mode.Open());
            case LINK_REFUSED -> links(2_500, 4_500, new Mode.Refused());
            case LINK_FORGOTTEN -> forgotten();
            case LINK_DELAYED ->
                links(2_000, 4_000, new Mode.Delayed(Duration.ofMillis(draws.between(50, mostDelay()))));
            case LINK_BLACK_HOLE -> links(2_500, 4_500, new Mode.BlackHole());
            case LINK_CUT_AFTER_EXECUTION -> answersCut();
            case VISITORS_CUT -> cutAll(gateways.doors());
            case VISITORS_CUT_AFTER_EXECUTION -> doors(new Mode.CutAfterExecution());
            case PRIMARY_LOST -> primaryLost(false);
            case PRIMARY_LOST_LAGGING -> primaryLost(true);
            case PRIMARY_PAUSED -> primaryPaused();
            case SLOT_MOVED -> slotMoved();
            case POLICY_CHANGED -> new PolicyFaults(rooms, random).anything();
            case RATE_LOWERED -> new PolicyFaults(rooms, random).rate(true);
            case RATE_RAISED -> new PolicyFaults(rooms, random).rate(false);
            case HELD -> new PolicyFaults(rooms, random).held();
            case KEY_DELETED -> keyLost(KeyFaults::deleteOne);
            case KEYS_EVICTED -> keyLost(KeyFaults::evict);
            case REDIS_MOVED -> redisMoved();
            case FLUSHALL -> flushed();
            case SCRIPT_FLUSH -> scriptsFlushed();
            case MEMORY_FULL -> memoryFull();
            case ALL_LOST -> allLost();
        };
    }

    /** Called when everything is repaired. */
    Injection over() {
        return new Injection(
                fault, what, new Span(from, now()), new Span(without, withoutEnd), effect, jump, killed, apart);
    }

    // --- gateways ---

    private String gatewayKilled() throws InterruptedException {
        GatewayChild gateway = draws.one(gateways.gateways());
        kill(List.of(gateway));
        draws.pause(500, 2_000);
        gateway.restart();
        return killed.getFirst();
    }

    private void kill(List<GatewayChild> gateways) {
        killed = gateways.stream().map(GatewayChild::name).toList();
        gateways.forEach(GatewayChild::kill);
    }

    private String gatewayPaused() throws InterruptedException {
        GatewayChild gateway = draws.one(gateways.gateways());
        gateway.pause();
        Duration lasted = draws.pause(1_000, 5_000);
        gateway.resume();
        return gateway.name() + " for " + lasted.toMillis() + " ms";
    }

    private String gatewayClock() throws InterruptedException {
        Duration off = Duration.ofMinutes(random.nextBoolean() ? 60 : -60);
        gateways.clock().offset(off);
        draws.pause(2_000, 4_000);
        gateways.clock().offset(Duration.ZERO);
        draws.pause(500, 1_000);
        return gateways.gateways().getFirst().name() + " by " + off;
    }

    // --- one Redis ---

    private String redisKilled() throws InterruptedException {
        RedisProcess server = topology.primaries().getFirst();
        server.kill();
        Duration lasted = withoutRedis(0, 5_000);
        server.restart();
        effect = topology.persists() ? Effect.NOTHING : Effect.NAMES;
        return "for " + lasted.toMillis() + " ms";
    }

    private String redisPaused() throws InterruptedException {
        RedisProcess server = topology.primaries().getFirst();
        server.pause();
        Duration lasted = withoutRedis(1_000, 5_000);
        server.resume();
        return "for " + lasted.toMillis() + " ms";
    }

    /** Waits, while no gateway has a Redis. */
    private Duration withoutRedis(int least, int most) throws InterruptedException {
        without = now();
        Duration lasted = draws.pause(least, most);
        withoutEnd = now();
        return lasted;
    }

    private String redisClock() throws InterruptedException {
        Duration ahead = Duration.ofMillis(draws.between(1_000, 3_000));
        var clock = topology.clock().orElseThrow();
        clock.offset(ahead);
        jump = ahead;
        draws.pause(2_000, 4_000);
        clock.offset(Duration.ZERO);
        draws.pause(1_000, 2_000);
        return "by " + ahead.toMillis() + " ms and back";
    }

    /** If it took longer, Sentinels would replace the primary. */
    private int mostDelay() {
        return topology instanceof SentinelTopology ? 200 : 400;
    }

    /** One link, or all of them. */
    private List<Proxy> someLinks() {
        return random.nextBoolean() ? topology.links() : List.of(draws.one(topology.links()));
    }

    private String whose(List<Proxy> links) {
        return links.size() == topology.links().size()
                ? "all"
                : "link " + topology.links().indexOf(links.getFirst());
    }

    private String forgotten() throws InterruptedException {
        List<Proxy> links = someLinks();
        links.forEach(Proxy::forget);
        // A replica drops a silent link after 4 s, and connects again.
        int least = topology instanceof ReplicatedTopology ? 5_000 : 2_500;
        draws.pause(least, least + 2_000);
        return whose(links);
    }

    private String links(int least, int most, Mode mode) throws InterruptedException {
        List<Proxy> links = someLinks();
        boolean all = links.size() == topology.links().size();
        String whose = whose(links);
        if (mode instanceof Mode.Open) {
            return whose + ", " + cutAll(links);
        }
        links.forEach(link -> link.mode(mode));
        boolean gone = all && (mode instanceof Mode.Refused || mode instanceof Mode.BlackHole);
        Duration lasted = gone ? withoutRedis(least, most) : draws.pause(least, most);
        links.forEach(Proxy::heal);
        return whose + ", " + mode + " for " + lasted.toMillis() + " ms";
    }

    /** Cuts answers one by one, so that the call is sent again while it may still have its effect; or all, so that the call is given up. */
    private String answersCut() throws InterruptedException {
        List<Proxy> links = someLinks();
        String whose = whose(links);
        boolean oneByOne = random.nextBoolean();
        if (oneByOne) {
            int times = draws.between(8, 13);
            for (int i = 0; i < times; i++) {
                links.forEach(link -> link.mode(new Mode.CutNextAnswer()));
                draws.pause(250, 400);
            }
            links.forEach(Proxy::heal);
            return whose + ", " + times + " answers";
        }
        links.forEach(link -> link.mode(new Mode.CutAfterExecution()));
        Duration lasted = draws.pause(500, 2_000);
        links.forEach(Proxy::heal);
        return whose + ", every answer for " + lasted.toMillis() + " ms";
    }

    private String cutAll(List<Proxy> proxies) throws InterruptedException {
        int times = 1 + random.nextInt(4);
        for (int i = 0; i < times; i++) {
            proxies.forEach(Proxy::cut);
            draws.pause(100, 800);
        }
        return times + " times";
    }

    private String doors(Mode mode) throws InterruptedException {
        List<Proxy> doors = random.nextBoolean() ? gateways.doors() : List.of(draws.one(gateways.doors()));
        doors.forEach(door -> door.mode(mode));
        Duration lasted = draws.pause(500, 2_000);
        doors.forEach(Proxy::heal);
        return doors.size() + " of " + gateways.doors().size() + " gateways for " + lasted.toMillis() + " ms";
    }

    // --- replicated Redis ---

    private String primaryLost(boolean lagging) throws InterruptedException {
        effect = Effect.NAMES;
        ReplicatedTopology replicated = replicated();
        RedisProcess primary = replicated.primaryOf(this::key);
        RedisProcess replica = replicated.replicaOf(primary);
        if (lagging) {
            SentinelTopology.deafen(replica);
            draws.pause(1_000, 1_800);
        }
        primary.kill();
        replicated.awaitPromoted(replica);
        draws.pause(500, 2_000);
        return lagging ? "the replica lagging" : "the replica in sync";
    }

    private String primaryPaused() throws InterruptedException {
        effect = Effect.NAMES;
        ReplicatedTopology replicated = replicated();
        RedisProcess primary = replicated.primaryOf(this::key);
        RedisProcess replica = replicated.replicaOf(primary);
        primary.pause();
        replicated.awaitPromoted(replica);
        draws.pause(500, 2_000);
        primary.resume();
        return "";
    }

    private ReplicatedTopology replicated() {
        if (!(topology instanceof ReplicatedTopology replicated)) {
            throw new IllegalStateException("nobody to promote");
        }
        return replicated;
    }

    private String slotMoved() {
        if (!(topology instanceof ClusterTopology cluster)) {
            throw new IllegalStateException("no slots");
        }
        String key = key();
        RedisProcess from = cluster.redis().primaryOf(key);
        RedisProcess to = draws.one(cluster.redis().primaries().stream()
                .filter(node -> node != from)
                .toList());
        cluster.redis().moveSlot(key, to, () -> pauseUnchecked(200, 1_500));
        return key;
    }

    private String key() {
        return "wr:{shop/" + draws.one(rooms.events()) + "}:state";
    }

    // --- another Redis ---

    /** Like a changed URL that is rolled out pod by pod and then rolled back, or like a name that resolves to another address for a while. */
    private String redisMoved() throws InterruptedException {
        Spare spare = topology.spare().orElseThrow();
        spare.start();
        boolean rolling = random.nextBoolean();
        // New pods have no snapshot; pods that go on with cut connections have one.
        effect = rolling ? Effect.EVERYTHING : Effect.NAMES;
        point(spare, true, rolling);
        draws.pause(2_000, 5_000);
        point(spare, false, rolling);
        draws.pause(1_000, 2_000);
        return rolling ? "pod by pod" : "at once";
    }

    /** The operator moves first, since it writes the rooms into the other Redis. */
    private void point(Spare spare, boolean atSpare, boolean rolling) throws InterruptedException {
        long begun = now();
        spare.pointOperator(atSpare);
        List<Integer> order = new ArrayList<>(
                IntStream.range(0, gateways.gateways().size()).boxed().toList());
        Collections.shuffle(order, random);
        for (int i : order) {
            GatewayChild gateway = gateways.gateways().get(i);
            if (rolling) {
                gateway.stop();
                spare.point(i, atSpare);
                gateway.restart();
                gateways.awaitServes(gateway, rooms.events());
            } else {
                spare.point(i, atSpare);
            }
        }
        apart.add(new Span(begun, now()));
    }

    // --- data of Redis ---

    private String keyLost(Function<KeyFaults, String> how) throws InterruptedException {
        effect = Effect.NAMES;
        String which = how.apply(new KeyFaults(topology, draws.one(rooms.events()), random));
        draws.pause(2_000, 4_000);
        return which;
    }

    private String flushed() throws InterruptedException {
        effect = Effect.NAMES;
        topology.primaries().forEach(RedisProcess::flush);
        draws.pause(1_000, 2_000);
        return "";
    }

    private String scriptsFlushed() throws InterruptedException {
        topology.primaries().forEach(server -> server.command("SCRIPT", "FLUSH"));
        draws.pause(500, 1_000);
        return "";
    }

    private String memoryFull() throws InterruptedException {
        List<RedisProcess> servers = topology.primaries();
        servers.forEach(server -> server.command("CONFIG", "SET", "maxmemory", "1mb"));
        Duration lasted = draws.pause(1_500, 4_000);
        servers.forEach(server -> server.command("CONFIG", "SET", "maxmemory", "0"));
        return "for " + lasted.toMillis() + " ms";
    }

    private String allLost() throws InterruptedException {
        kill(gateways.gateways());
        topology.servers().forEach(RedisProcess::kill);
        effect = topology.persists() ? Effect.NOTHING : Effect.EVERYTHING;
        draws.pause(500, 1_000);
        topology.heal();
        gateways.gateways().forEach(GatewayChild::restart);
        return "";
    }

    // --- time and chance ---

    private void pauseUnchecked(int least, int most) {
        try {
            draws.pause(least, most);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static long now() {
        return Recorder.micros(Instant.now());
    }
}
