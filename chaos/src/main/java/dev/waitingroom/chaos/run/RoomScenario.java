package dev.waitingroom.chaos.run;

import dev.waitingroom.chaos.site.SessionHabits;
import dev.waitingroom.queue.policy.Mode;
import dev.waitingroom.queue.policy.Policy;
import dev.waitingroom.queue.policy.SessionCap;
import dev.waitingroom.testkit.visitors.Behaviour;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;

/**
 * A room and its visitors.
 *
 * @param policy the first policy
 * @param crowd the visitors
 * @param twins visitors who join again with the visitor keys of the first ones, if those have keys
 * @param sessions how admitted visitors use the room; empty if they begin no session
 */
public record RoomScenario(
        Policy policy, Behaviour crowd, Optional<Behaviour> twins, Optional<SessionHabits> sessions) {
    /** No longer than most visits: a place is held at least until the reservation is over. */
    private static final Duration SHORT_RESERVATION = Duration.ofSeconds(6);

    /** A room whose visitors begin no session. */
    public RoomScenario(Policy policy, Behaviour crowd, Optional<Behaviour> twins) {
        this(policy, crowd, twins, Optional.empty());
    }

    /**
     * Three rooms: a quick one whose visitors give no keys, a slow one with all kinds of visitors, and one in between. In each some visitors ask
     * to be admitted with their join. One of the three limits its active sessions; the seed decides which, and how much.
     */
    static List<RoomScenario> of(long seed, int seconds) {
        List<RoomScenario> rooms = new ArrayList<>(unlimited(seed, seconds));
        SplittableRandom random = new SplittableRandom(seed);
        int limited = random.nextInt(rooms.size());
        rooms.set(limited, rooms.get(limited).limited(random, seed));
        return List.copyOf(rooms);
    }

    /** The same room with a cap for 2 to 8 s of its rate. */
    private RoomScenario limited(SplittableRandom random, long seed) {
        SessionCap cap =
                new SessionCap(policy.rate() * random.nextInt(2, 9), Duration.ofSeconds(random.nextInt(6, 13)));
        return new RoomScenario(
                new Policy(
                        policy.eventId(),
                        policy.incarnation(),
                        policy.generation(),
                        policy.mode(),
                        policy.rate(),
                        policy.period(),
                        policy.burst(),
                        policy.ttl(),
                        policy.turnTtl(),
                        policy.maxLength(),
                        SHORT_RESERVATION,
                        policy.message(),
                        Optional.of(cap)),
                crowd,
                twins,
                Optional.of(new SessionHabits(Duration.ofSeconds(1), Duration.ofSeconds(6), 0.6, seed)));
    }

    private static List<RoomScenario> unlimited(long seed, int seconds) {
        return List.of(
                cast(
                        "quick",
                        20,
                        15,
                        20,
                        Behaviour.patient(16 * seconds, 16).withAdmit(0.4).withoutKeys(),
                        seed),
                cast(
                        "slow",
                        4,
                        4,
                        8,
                        Behaviour.patient(5 * seconds, 5)
                                .withAbsent(0.2)
                                .withSleepers(0.2, Duration.ofSeconds(5))
                                .withLeavers(0.15)
                                .withNamed(0.5)
                                .withAdmit(0.3),
                        seed + 1),
                cast(
                        "steady",
                        7,
                        5,
                        15,
                        Behaviour.patient(8 * seconds, 8)
                                .withLeavers(0.1)
                                .withNamed(0.4)
                                .withAdmit(0.5),
                        seed + 2));
    }

    private static RoomScenario cast(String event, int rate, int burst, int ttlSeconds, Behaviour crowd, long seed) {
        Behaviour seeded = crowd.withSeed(seed);
        return new RoomScenario(
                new Policy(
                        event,
                        7,
                        1,
                        Mode.QUEUE,
                        rate,
                        Duration.ofSeconds(1),
                        burst,
                        Duration.ofSeconds(ttlSeconds),
                        Duration.ofSeconds(60),
                        OptionalLong.empty(),
                        Duration.ofMinutes(5),
                        ""),
                seeded,
                // Without keys, a visitor who comes again is another visitor.
                Optional.of(crowd)
                        .filter(Behaviour::keyed)
                        .map(first -> new Behaviour(
                                Math.max(1, crowd.visitors() / 4),
                                crowd.arrivalsPerSecond() / 2,
                                seeded.absentShare(),
                                seeded.sleeperShare(),
                                seeded.leaverShare(),
                                seeded.sleep(),
                                seeded.namedShare(),
                                seeded.admitShare(),
                                true,
                                true,
                                seed)));
    }
}
