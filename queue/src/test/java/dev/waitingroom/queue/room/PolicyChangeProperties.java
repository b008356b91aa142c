package dev.waitingroom.queue.room;

import dev.waitingroom.queue.policy.Mode;
import dev.waitingroom.queue.redis.TestRoom;
import dev.waitingroom.queue.room.PolicySequence.Stage;
import dev.waitingroom.testkit.redis.RedisProcess;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;

/** Policies that change in any field and any order: no visitor who polls as told loses their place, and no position rises. */
class PolicyChangeProperties {
    private static final RedisProcess REDIS = RedisProcess.start();
    private static final TestRoom ROOM = TestRoom.on(REDIS);

    @AfterContainer
    static void stop() {
        ROOM.close();
        REDIS.close();
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
        PolicySequence.judgePlaces(PolicySequence.run(ROOM, stages, 250, seed));
    }
}
