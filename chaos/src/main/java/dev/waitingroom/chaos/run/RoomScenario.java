package dev.waitingroom.chaos.run;

import dev.waitingroom.queue.policy.Mode;
import dev.waitingroom.queue.policy.Policy;
import dev.waitingroom.testkit.visitors.Behaviour;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A room and its visitors.
 *
 * @param policy the first policy
 * @param crowd the visitors
 * @param twins visitors who join again with the visitor keys of the first ones, if those have keys
 */
public record RoomScenario(Policy policy, Behaviour crowd, Optional<Behaviour> twins) {
    /**
     * Three rooms: a quick one whose visitors give no keys, a slow one with all kinds of visitors, and one in between. In each some visitors ask
     * to be admitted with their join.
     */
    static List<RoomScenario> of(long seed, int seconds) {
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
