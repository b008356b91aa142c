package dev.waitingroom.queue.room;

import static dev.waitingroom.queue.room.PolicySequence.queue;
import static org.assertj.core.api.Assertions.assertThat;

import dev.waitingroom.queue.policy.Mode;
import dev.waitingroom.queue.redis.TestRoom;
import dev.waitingroom.queue.room.PolicySequence.Outcome;
import dev.waitingroom.queue.room.PolicySequence.Stage;
import dev.waitingroom.queue.room.SimulatedRoom.Told;
import dev.waitingroom.queue.room.SimulatedRoom.Visitor;
import dev.waitingroom.testkit.redis.RedisExtension;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The changes of policies that strangers tried, with their visitors: nobody loses their place, no position rises, and estimates follow. */
class PolicySequenceIT {
    @RegisterExtension
    static final RedisExtension REDIS = new RedisExtension();

    /** Gateways read a policy within a second; an estimate then has to be right. */
    private static final long SETTLED_MICROS = 5_000_000;

    /** Visitors who were told by the policy before to poll late leave their tokens to others until then: those are admitted early. */
    private static final long POLLS_DUE_MICROS = 38_000_000;

    /** An estimate may be wrong by this factor, and by so many seconds besides. */
    private static final double FACTOR = 3;

    private static final double SLACK_SECONDS = 8;

    private TestRoom room;

    @BeforeEach
    void open() {
        room = TestRoom.on(REDIS.redis());
    }

    @AfterEach
    void close() {
        room.close();
    }

    @Test
    void aRateThatFallsFourThousandfold() {
        play(List.of(queue(200, 1, 300, 900, 2), queue(1, 20, 300, 900, 1_000)), 600, 1);
    }

    @Test
    void aRateThatFallsUnderShortTurns() {
        play(List.of(queue(200, 1, 300, 60, 2), queue(1, 10, 300, 60, 300)), 600, 2);
    }

    @Test
    void aRateThatFallsFromTenASecondToOneAnHour() {
        play(List.of(queue(10, 1, 300, 900, 10), queue(1, 3_600, 300, 900, 600)), 300, 3);
    }

    @Test
    void aRateThatRisesWherePollsAreFarApart() {
        play(List.of(queue(1, 3_600, 300, 60, 120), queue(400, 1, 300, 5, 60)), 1_500, 4);
    }

    /** Who was refused for want of a token that is far off has to come back before it, since the rate may rise. */
    @Test
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

    private void play(List<Stage> stages, int visitors, long seed) {
        Outcome outcome = PolicySequence.run(room, stages, visitors, seed);
        PolicySequence.judgePlaces(outcome);
        for (Visitor visitor : outcome.room().visitors()) {
            for (int i = 0; i < stages.size(); i++) {
                readyIsAPromise(visitor, outcome.begun().get(i), outcome.begun().get(i + 1));
                estimatesAreTrue(
                        visitor, outcome.begun().get(i), outcome.begun().get(i + 1));
            }
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
