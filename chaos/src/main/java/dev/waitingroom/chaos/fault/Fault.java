package dev.waitingroom.chaos.fault;

import dev.waitingroom.chaos.topology.FakeClock;
import dev.waitingroom.chaos.topology.Kind;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** The faults. */
public enum Fault {
    GATEWAY_KILLED("gateway: kill -9, started again", Where.ANYWHERE),
    REDIS_KILLED("Redis: kill -9, started again", Where.ONE_SERVER),
    LINK_CUT_AFTER_EXECUTION("gateway to Redis: cut after Redis has executed, before it answers", Where.ANYWHERE),
    FLUSHALL("FLUSHALL", Where.ANYWHERE),
    RATE_LOWERED("rate divided by up to 10,000, and back", Where.ANYWHERE),
    KEY_DELETED("any one key of a room deleted", Where.ANYWHERE),
    PRIMARY_LOST("primary: kill -9, its replica promoted", Where.REPLICATED),
    GATEWAY_PAUSED("gateway: SIGSTOP, SIGCONT", Where.ANYWHERE),
    SLOT_MOVED("a room's slot moved to another primary", Where.CLUSTER),
    LINK_REFUSED("gateway to Redis: connections cut and refused", Where.NOT_SENTINEL),
    POLICY_CHANGED("any fields of a policy changed, several times", Where.ANYWHERE),
    REDIS_PAUSED("Redis: SIGSTOP, SIGCONT", Where.ONE_SERVER),
    VISITORS_CUT_AFTER_EXECUTION("visitor to gateway: cut before the answer", Where.ANYWHERE),
    PRIMARY_LOST_LAGGING("primary: kill -9, a replica promoted that lacks the last second", Where.SENTINEL),
    ALL_LOST("all gateways and all of Redis: kill -9 at once", Where.ANYWHERE),
    LINK_BLACK_HOLE("gateway to Redis: nothing comes through", Where.NOT_SENTINEL),
    REDIS_CLOCK("Redis' clock: 1..3 s ahead, then back", Where.MOVABLE_CLOCK),
    SCRIPT_FLUSH("SCRIPT FLUSH", Where.ANYWHERE),
    LINK_DELAYED("gateway to Redis: 50..400 ms later, each way", Where.ANYWHERE),
    PRIMARY_PAUSED("primary: SIGSTOP until its replica is promoted, SIGCONT", Where.REPLICATED),
    MEMORY_FULL("maxmemory reached, noeviction", Where.ANYWHERE),
    RATE_RAISED("rate multiplied by up to 10,000, and back", Where.ANYWHERE),
    KEYS_EVICTED("maxmemory reached, allkeys-lru or allkeys-random: keys of a room evicted", Where.ANYWHERE),
    REDIS_MOVED("gateways and operator pointed at another, empty Redis, and back", Where.ONE_SERVER),
    HELD("mode Hold and back", Where.ANYWHERE),
    LINK_FORGOTTEN("gateway to Redis: its connections go silent for good, new ones are whole", Where.NOT_SENTINEL),
    LINK_CUT("gateway to Redis: connections cut", Where.ANYWHERE),
    GATEWAY_CLOCK("a gateway's clock: an hour off, then back", Where.ANYWHERE),
    VISITORS_CUT("visitor to gateway: connections cut", Where.ANYWHERE);

    private enum Where {
        ANYWHERE,
        ONE_SERVER,
        /** A primary that Sentinels cannot reach goes on beside the new one for a while, and admits by its own bucket. */
        NOT_SENTINEL,
        /** Not with the machine's redis-server: its allocator asks for the time while libfaketime starts, and both fail. */
        MOVABLE_CLOCK,
        REPLICATED,
        SENTINEL,
        CLUSTER;

        boolean includes(Kind kind) {
            return switch (kind) {
                case SINGLE, AOF, VALKEY ->
                    this == ANYWHERE || this == ONE_SERVER || this == NOT_SENTINEL || this == MOVABLE_CLOCK;
                case TLS -> this == ANYWHERE || this == ONE_SERVER || this == NOT_SENTINEL;
                case SENTINEL -> this == ANYWHERE || this == REPLICATED || this == SENTINEL;
                case CLUSTER -> this == ANYWHERE || this == NOT_SENTINEL || this == REPLICATED || this == CLUSTER;
            };
        }
    }

    private final String words;
    private final Where where;

    Fault(String words, Where where) {
        this.words = words;
        this.where = where;
    }

    public String words() {
        return words;
    }

    /** Whether it needs libfaketime. */
    public boolean needsFakeClock() {
        return this == REDIS_CLOCK || this == GATEWAY_CLOCK;
    }

    /** Whether it needs a certain kind of Redis. */
    boolean isRare() {
        return where != Where.ANYWHERE && where != Where.NOT_SENTINEL;
    }

    /** Whether a gateway may lose knowledge that it has not yet told Redis. */
    boolean hitsAGateway() {
        return this == GATEWAY_KILLED || this == GATEWAY_PAUSED;
    }

    /** Whether calls may stay unanswered even if Redis works. */
    public boolean hitsCalls() {
        return hitsAGateway() || this == VISITORS_CUT || this == VISITORS_CUT_AFTER_EXECUTION;
    }

    /** Whether it only changes a policy. */
    public boolean changesPolicy() {
        return this == POLICY_CHANGED || this == RATE_LOWERED || this == RATE_RAISED;
    }

    /** Whether data may be lost though the same Redis goes on. Other faults lose data only by another primary. */
    public boolean losesData() {
        return switch (this) {
            case REDIS_KILLED, FLUSHALL, KEY_DELETED, KEYS_EVICTED, ALL_LOST, REDIS_MOVED -> true;
            default -> false;
        };
    }

    /** Whether the other fault may happen at the same time: this one hits Redis, the other gateways or the policy. */
    boolean mayHaveBeside(Fault other) {
        return onRedis() && !other.onRedis() && other != ALL_LOST && other != REDIS_MOVED;
    }

    private boolean onRedis() {
        return switch (this) {
            case REDIS_KILLED,
                    REDIS_PAUSED,
                    REDIS_CLOCK,
                    LINK_CUT,
                    LINK_CUT_AFTER_EXECUTION,
                    LINK_REFUSED,
                    LINK_DELAYED,
                    LINK_BLACK_HOLE,
                    LINK_FORGOTTEN,
                    PRIMARY_LOST,
                    PRIMARY_LOST_LAGGING,
                    PRIMARY_PAUSED,
                    SLOT_MOVED,
                    FLUSHALL,
                    SCRIPT_FLUSH,
                    KEY_DELETED,
                    KEYS_EVICTED,
                    MEMORY_FULL -> true;
            case GATEWAY_KILLED,
                    GATEWAY_PAUSED,
                    GATEWAY_CLOCK,
                    VISITORS_CUT,
                    VISITORS_CUT_AFTER_EXECUTION,
                    POLICY_CHANGED,
                    RATE_LOWERED,
                    RATE_RAISED,
                    HELD,
                    REDIS_MOVED,
                    ALL_LOST -> false;
        };
    }

    /** The faults that most kinds of Redis can have, on this machine. */
    static List<Fault> common() {
        return possible().filter(fault -> !fault.isRare()).toList();
    }

    /** The faults that this kind of Redis can have, on this machine. */
    public static List<Fault> of(Kind kind) {
        return possible().filter(fault -> fault.where.includes(kind)).toList();
    }

    private static Stream<Fault> possible() {
        return Arrays.stream(values()).filter(fault -> FakeClock.available() || !fault.needsFakeClock());
    }
}
