package dev.waitingroom.queue.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waitingroom.queue.policy.Mode;
import dev.waitingroom.queue.policy.Policy;
import dev.waitingroom.queue.redis.TestRoom;
import dev.waitingroom.queue.room.SimulatedRoom.Told;
import dev.waitingroom.queue.room.SimulatedRoom.Visitor;
import dev.waitingroom.testkit.redis.RedisProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;

/**
 * Policies that change in any field and any order, and visitors who poll when they are told to: nobody loses their place, and no position
 * rises. In the sequences that strangers tried, estimates follow, too. Two gateways and the real scripts, in virtual time.
 */
class PolicyChangeProperties {
    private static final RedisProcess REDIS = RedisProcess.start();
    private static final TestRoom ROOM = TestRoom.on(REDIS);

    /** Gateways read a policy within a second; an estimate then has to be right. */
    private static final long SETTLED_MICROS = 5_000_000;

    /** Visitors who were told by the policy before to poll late leave their tokens to others until then: those are admitted early. */
    private static final long POLLS_DUE_MICROS = 38_000_000;

    /** An estimate may be wrong by this factor, and by so many seconds besides. */
    private static final double FACTOR = 3;

    private static final double SLACK_SECONDS = 8;

    @AfterContainer
    static void stop() {
        ROOM.close();
        REDIS.close();
    }

    /** A policy that is in force for so long. */
    record Stage(Mode mode, int rate, int periodSeconds, int burst, int ttl, int turnTtl, int seconds) {
        Policy policy(long generation) {
            return new Policy(
                    "evt",
                    1,
                    generation,
                    mode,
                    rate,
                    Duration.ofSeconds(periodSeconds),
                    burst,
                    Duration.ofSeconds(ttl),
                    Duration.ofSeconds(turnTtl),
                    OptionalLong.empty(),
                    Duration.ofSeconds(120),
                    "");
        }
    }

    @Provide
    Arbitrary<List<Stage>> stages() {
        return Combinators.combine(
                        Arbitraries.of(Mode.QUEUE, Mode.QUEUE, Mode.QUEUE, Mode.HOLD, Mode.REJECT),
                        Arbitraries.of(1, 4, 40, 400),
                        Arbitraries.of(1, 10, 60, 3_600),
                        Arbitraries.of(1, 10, 100),
                        Arbitraries.of(5, 20, 300),
                        Arbitraries.of(5, 60, 900),
                        Arbitraries.integers().between(1, 90))
                .as(Stage::new)
                .list()
                .ofMinSize(2)
                .ofMaxSize(6);
    }

    @Property(tries = 10, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    void noChangeCostsAPlaceOrRaisesAPosition(@ForAll("stages") List<Stage> stages, @ForAll long seed) {
        judge(run(stages, 250, seed));
    }

    /** Row by row what strangers saw, with their visitors. */
    @Example
    void aRateThatFallsFourThousandfold() {
        play(List.of(queue(200, 1, 300, 900, 2), queue(1, 20, 300, 900, 1_000)), 600, 1);
    }

    @Example
    void aRateThatFallsUnderShortTurns() {
        play(List.of(queue(200, 1, 300, 60, 2), queue(1, 10, 300, 60, 300)), 600, 2);
    }

    @Example
    void aRateThatFallsFromTenASecondToOneAnHour() {
        play(List.of(queue(10, 1, 300, 900, 10), queue(1, 3_600, 300, 900, 600)), 300, 3);
    }

    @Example
    void aRateThatRisesWherePollsAreFarApart() {
        play(List.of(queue(1, 3_600, 300, 60, 120), queue(400, 1, 300, 5, 60)), 1_500, 4);
    }

    /** Who was refused for want of a token that is far off has to come back before it, since the rate may rise. */
    @Example
    void aRateThatRisesWhileVisitorsAreToldToComeBackLater() {
        play(
                List.of(
                        new Stage(Mode.QUEUE, 40, 10, 10, 5, 5, 9),
                        new Stage(Mode.REJECT, 1, 3_600, 10, 300, 60, 3),
                        new Stage(Mode.QUEUE, 4, 3_600, 100, 5, 5, 73),
                        new Stage(Mode.HOLD, 4, 60, 1, 5, 900, 43),
                        new Stage(Mode.QUEUE, 4, 60, 100, 5, 5, 42)),
                250,
                2_794_159_185_394L);
    }

    private static Stage queue(int rate, int periodSeconds, int ttl, int turnTtl, int seconds) {
        return new Stage(Mode.QUEUE, rate, periodSeconds, 100, ttl, turnTtl, seconds);
    }

    /** What came of it, and when each stage began, and the last one ended, µs. */
    private record Outcome(SimulatedRoom room, List<Long> begun) {}

    private static void play(List<Stage> stages, int visitors, long seed) {
        Outcome outcome = run(stages, visitors, seed);
        judge(outcome);
        for (Visitor visitor : outcome.room.visitors()) {
            for (int i = 0; i < stages.size(); i++) {
                readyIsAPromise(visitor, outcome.begun.get(i), outcome.begun.get(i + 1));
                estimatesAreTrue(visitor, outcome.begun.get(i), outcome.begun.get(i + 1));
            }
        }
    }

    private static Outcome run(List<Stage> stages, int visitors, long seed) {
        SimulatedRoom room = new SimulatedRoom(ROOM, stages.getFirst().policy(1), 2, seed);
        if (stages.getFirst().mode() == Mode.REJECT) {
            room.apply(queue(1, 10, 300, 900, 1).policy(1)); // somebody has to join
        }
        room.join(visitors);
        assertThat(room.visitors()).hasSize(visitors);
        List<Long> begun = new ArrayList<>();
        for (int i = 0; i < stages.size(); i++) {
            room.apply(stages.get(i).policy(i + 2));
            begun.add(room.time().micros());
            room.time().run(Duration.ofSeconds(stages.get(i).seconds()));
        }
        begun.add(room.time().micros());
        return new Outcome(room, begun);
    }

    private static void judge(Outcome outcome) {
        assertThat(outcome.room.lost())
                .as("who polled when told and lost their place")
                .isEmpty();
        for (Visitor visitor : outcome.room.visitors()) {
            assertThat(visitor.told())
                    .extracting(Told::position)
                    .as("positions of %s", visitor)
                    .isSortedAccordingTo((one, next) -> Long.compare(next, one));
        }
    }

    /** Who is told to enter, while no policy changes, is admitted. */
    private static void readyIsAPromise(Visitor visitor, long begun, long to) {
        assertThat(visitor.refusedMicros())
                .as("%s is refused", visitor)
                .noneMatch(at -> at >= begun + SETTLED_MICROS && at < to);
    }

    /** Of estimates between two changes: whoever is not admitted by the second waits at least until then. */
    private static void estimatesAreTrue(Visitor visitor, long begun, long to) {
        for (Told told : visitor.told()) {
            if (told.micros() < begun + SETTLED_MICROS
                    || told.micros() >= to
                    || told.etaSeconds().isEmpty()) {
                continue;
            }
            double eta = told.etaSeconds().get();
            double least = (Math.min(visitor.admittedMicros().orElse(to), to) - told.micros()) / 1e6;
            assertThat(eta * FACTOR + SLACK_SECONDS)
                    .as("%s of %s is not too soon", told, visitor)
                    .isGreaterThan(least);
            if (told.micros() >= begun + POLLS_DUE_MICROS
                    && visitor.admittedMicros().filter(at -> at < to).isPresent()) {
                assertThat(eta)
                        .as("%s of %s is not too late", told, visitor)
                        .isLessThan(least * FACTOR + SLACK_SECONDS);
            }
        }
    }
}
