package dev.waitingroom.chaos.fault;

import dev.waitingroom.chaos.fault.Injection.Effect;
import dev.waitingroom.chaos.history.Span;
import dev.waitingroom.chaos.network.Proxy;
import dev.waitingroom.chaos.network.Proxy.Mode;
import dev.waitingroom.chaos.site.GatewayChild;
import dev.waitingroom.chaos.site.GatewayFleet;
import dev.waitingroom.chaos.site.Recorder;
import dev.waitingroom.chaos.site.TendedRooms;
import dev.waitingroom.chaos.topology.ClusterTopology;
import dev.waitingroom.chaos.topology.ReplicatedTopology;
import dev.waitingroom.chaos.topology.SentinelTopology;
import dev.waitingroom.chaos.topology.Topology;
import dev.waitingroom.queue.policy.Policy;
import dev.waitingroom.queue.testing.RedisProcess;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;

/** One fault as it is done to a site. What can only be mended together with everything else is left to whoever does it. */
final class Damage {
    /** Visitors fall asleep for five seconds, and are to keep their places. */
    private static final Duration LEAST_TTL = Duration.ofSeconds(7);

    private final Topology topology;
    private final GatewayFleet fleet;
    private final TendedRooms rooms;
    private final Random random;
    private final Fault fault;
    private final long from = now();
    private long without = from;
    private long withoutEnd = from;
    private Effect effect = Effect.NOTHING;
    private Duration jump = Duration.ZERO;
    private String what = "";
    private List<String> killed = List.of();

    /** @param random what is random about the fault follows from it */
    Damage(Fault fault, Topology topology, GatewayFleet fleet, TendedRooms rooms, Random random) {
        this.fault = fault;
        this.topology = topology;
        this.fleet = fleet;
        this.rooms = rooms;
        this.random = random;
    }

    /** Does it, for as long as it lasts. */
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
            case LINK_DELAYED -> links(2_000, 4_000, new Mode.Delayed(Duration.ofMillis(between(50, mostDelay()))));
            case LINK_BLACK_HOLE -> links(2_500, 4_500, new Mode.BlackHole());
            case LINK_CUT_AFTER_EXECUTION -> answersCut();
            case VISITORS_CUT -> cutAll(fleet.doors());
            case VISITORS_CUT_AFTER_EXECUTION -> doors(new Mode.CutAfterExecution());
            case PRIMARY_LOST -> primaryLost(false);
            case PRIMARY_LOST_LAGGING -> primaryLost(true);
            case PRIMARY_PAUSED -> primaryPaused();
            case SLOT_MOVED -> slotMoved();
            case POLICY_CHANGED -> policyChanged();
            case HELD -> held();
            case FLUSHALL -> flushed();
            case SCRIPT_FLUSH -> scriptsFlushed();
            case MEMORY_FULL -> memoryFull();
            case ALL_LOST -> allLost();
        };
    }

    /** When everything is whole again. */
    Injection over() {
        return new Injection(fault, what, new Span(from, now()), new Span(without, withoutEnd), effect, jump, killed);
    }

    // --- gateways ---

    private String gatewayKilled() throws InterruptedException {
        GatewayChild gateway = one(fleet.gateways());
        kill(List.of(gateway));
        pause(500, 2_000);
        gateway.restart();
        return killed.getFirst();
    }

    private void kill(List<GatewayChild> gateways) {
        killed = gateways.stream().map(GatewayChild::name).toList();
        gateways.forEach(GatewayChild::kill);
    }

    private String gatewayPaused() throws InterruptedException {
        GatewayChild gateway = one(fleet.gateways());
        gateway.pause();
        Duration lasted = pause(1_000, 5_000);
        gateway.resume();
        return gateway.name() + " for " + lasted.toMillis() + " ms";
    }

    private String gatewayClock() throws InterruptedException {
        Duration off = Duration.ofMinutes(random.nextBoolean() ? 60 : -60);
        fleet.clock().offset(off);
        pause(2_000, 4_000);
        fleet.clock().offset(Duration.ZERO);
        pause(500, 1_000);
        return fleet.gateways().getFirst().name() + " by " + off;
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

    /** Waits; no gateway has a Redis meanwhile. */
    private Duration withoutRedis(int least, int most) throws InterruptedException {
        without = now();
        Duration lasted = pause(least, most);
        withoutEnd = now();
        return lasted;
    }

    private String redisClock() throws InterruptedException {
        Duration ahead = Duration.ofMillis(between(1_000, 3_000));
        var clock = topology.clock().orElseThrow();
        clock.offset(ahead);
        jump = ahead;
        pause(2_000, 4_000);
        clock.offset(Duration.ZERO);
        pause(1_000, 2_000);
        return "by " + ahead.toMillis() + " ms and back";
    }

    /** Longer, and Sentinels take the primary for dead. */
    private int mostDelay() {
        return topology instanceof SentinelTopology ? 200 : 400;
    }

    /** One link or all. */
    private List<Proxy> someLinks() {
        return random.nextBoolean() ? topology.links() : List.of(one(topology.links()));
    }

    private String whose(List<Proxy> links) {
        return links.size() == topology.links().size()
                ? "all"
                : "link " + topology.links().indexOf(links.getFirst());
    }

    private String forgotten() throws InterruptedException {
        List<Proxy> links = someLinks();
        links.forEach(Proxy::forget);
        // A replica's link is given up after 4 s, and made anew.
        int least = topology instanceof ReplicatedTopology ? 5_000 : 2_500;
        pause(least, least + 2_000);
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
        Duration lasted = gone ? withoutRedis(least, most) : pause(least, most);
        links.forEach(Proxy::heal);
        return whose + ", " + mode + " for " + lasted.toMillis() + " ms";
    }

    /** Answers one by one, so that what was cut off is sent again while it may still have its effect; or all, so that it is given up. */
    private String answersCut() throws InterruptedException {
        List<Proxy> links = someLinks();
        String whose = whose(links);
        boolean oneByOne = random.nextBoolean();
        if (oneByOne) {
            int times = between(8, 13);
            for (int i = 0; i < times; i++) {
                links.forEach(link -> link.mode(new Mode.CutNextAnswer()));
                pause(250, 400);
            }
            links.forEach(Proxy::heal);
            return whose + ", " + times + " answers";
        }
        links.forEach(link -> link.mode(new Mode.CutAfterExecution()));
        Duration lasted = pause(500, 2_000);
        links.forEach(Proxy::heal);
        return whose + ", every answer for " + lasted.toMillis() + " ms";
    }

    private String cutAll(List<Proxy> proxies) throws InterruptedException {
        int times = 1 + random.nextInt(4);
        for (int i = 0; i < times; i++) {
            proxies.forEach(Proxy::cut);
            pause(100, 800);
        }
        return times + " times";
    }

    private String doors(Mode mode) throws InterruptedException {
        List<Proxy> doors = random.nextBoolean() ? fleet.doors() : List.of(one(fleet.doors()));
        doors.forEach(door -> door.mode(mode));
        Duration lasted = pause(500, 2_000);
        doors.forEach(Proxy::heal);
        return doors.size() + " of " + fleet.doors().size() + " gateways for " + lasted.toMillis() + " ms";
    }

    // --- replicated Redis ---

    private String primaryLost(boolean lagging) throws InterruptedException {
        effect = Effect.NAMES;
        ReplicatedTopology replicated = replicated();
        RedisProcess primary = replicated.primaryOf(this::key);
        RedisProcess replica = replicated.replicaOf(primary);
        if (lagging) {
            SentinelTopology.deafen(replica);
            pause(1_000, 1_800);
        }
        primary.kill();
        replicated.awaitPromoted(replica);
        pause(500, 2_000);
        return lagging ? "the replica lagging" : "the replica in sync";
    }

    private String primaryPaused() throws InterruptedException {
        effect = Effect.NAMES;
        ReplicatedTopology replicated = replicated();
        RedisProcess primary = replicated.primaryOf(this::key);
        RedisProcess replica = replicated.replicaOf(primary);
        primary.pause();
        replicated.awaitPromoted(replica);
        pause(500, 2_000);
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
        RedisProcess to = one(cluster.redis().primaries().stream()
                .filter(node -> node != from)
                .toList());
        cluster.redis().moveSlot(key, to, () -> pauseUnchecked(200, 1_500));
        return key;
    }

    private String key() {
        return "wr:{shop/" + one(rooms.events()) + "}:state";
    }

    // --- policies ---

    private String policyChanged() throws InterruptedException {
        Policy policy = rooms.policy(one(rooms.events()));
        int rate = Math.max(1, policy.rate() * between(50, 200) / 100);
        int burst = Math.max(1, policy.burst() * between(50, 200) / 100);
        Duration other = policy.ttl().plusSeconds(between(0, 10) - 2);
        Duration ttl = other.compareTo(LEAST_TTL) < 0 ? policy.ttl() : other;
        rooms.change(policy(policy, policy.mode(), rate, burst, ttl));
        rooms.awaitWritten();
        pause(3_000, 4_000);
        return policy.eventId() + ": rate " + policy.rate() + " to " + rate + ", burst " + policy.burst() + " to "
                + burst + ", ttl " + policy.ttl() + " to " + ttl;
    }

    private String held() throws InterruptedException {
        Policy policy = rooms.policy(one(rooms.events()));
        rooms.change(
                policy(policy, dev.waitingroom.queue.policy.Mode.HOLD, policy.rate(), policy.burst(), policy.ttl()));
        rooms.awaitWritten();
        Duration lasted = pause(2_000, 4_000);
        Policy now = rooms.policy(policy.eventId());
        rooms.change(policy(now, dev.waitingroom.queue.policy.Mode.QUEUE, policy.rate(), policy.burst(), policy.ttl()));
        rooms.awaitWritten();
        return policy.eventId() + " for " + lasted.toMillis() + " ms";
    }

    private static Policy policy(
            Policy old, dev.waitingroom.queue.policy.Mode mode, int rate, int burst, Duration ttl) {
        return new Policy(
                old.eventId(),
                old.incarnation(),
                old.generation() + 1,
                mode,
                rate,
                old.period(),
                burst,
                ttl,
                old.turnTtl(),
                old.maxLength(),
                old.reservationTtl(),
                old.message());
    }

    // --- what Redis holds ---

    private String flushed() throws InterruptedException {
        effect = Effect.NAMES;
        topology.primaries().forEach(RedisProcess::flush);
        pause(1_000, 2_000);
        return "";
    }

    private String scriptsFlushed() throws InterruptedException {
        topology.primaries().forEach(server -> server.command("SCRIPT", "FLUSH"));
        pause(500, 1_000);
        return "";
    }

    private String memoryFull() throws InterruptedException {
        List<RedisProcess> servers = topology.primaries();
        servers.forEach(server -> server.command("CONFIG", "SET", "maxmemory", "1mb"));
        Duration lasted = pause(1_500, 4_000);
        servers.forEach(server -> server.command("CONFIG", "SET", "maxmemory", "0"));
        return "for " + lasted.toMillis() + " ms";
    }

    private String allLost() throws InterruptedException {
        kill(fleet.gateways());
        topology.servers().forEach(RedisProcess::kill);
        effect = topology.persists() ? Effect.NOTHING : Effect.EVERYTHING;
        pause(500, 1_000);
        topology.heal();
        fleet.gateways().forEach(GatewayChild::restart);
        return "";
    }

    // --- time and chance ---

    private <T> T one(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }

    private int between(int least, int most) {
        return least + (most > least ? random.nextInt(most - least) : 0);
    }

    private Duration pause(int least, int most) throws InterruptedException {
        Duration time = Duration.ofMillis(between(least, most));
        Thread.sleep(time);
        return time;
    }

    private void pauseUnchecked(int least, int most) {
        try {
            pause(least, most);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static long now() {
        return Recorder.micros(Instant.now());
    }
}
