package dev.waitingroom.queue.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waitingroom.queue.policy.Mode;
import dev.waitingroom.queue.policy.Policy;
import dev.waitingroom.queue.redis.TestRoom;
import dev.waitingroom.queue.room.SimulatedRoom.Told;
import dev.waitingroom.queue.room.SimulatedRoom.Visitor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Policies in force one after another, and visitors who poll when they are told to. Two gateways and the real scripts, in virtual time. */
final class PolicySequence {
    private PolicySequence() {}

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

    static Stage queue(int rate, int periodSeconds, int ttl, int turnTtl, int seconds) {
        return new Stage(Mode.QUEUE, rate, periodSeconds, 100, ttl, turnTtl, seconds);
    }

    /** What came of it, and when each stage began, and the last one ended, µs. */
    record Outcome(SimulatedRoom room, List<Long> begun) {}

    static Outcome run(TestRoom testRoom, List<Stage> stages, int visitors, long seed) {
        SimulatedRoom room = new SimulatedRoom(testRoom, stages.getFirst().policy(1), 2, seed);
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

    /** Nobody loses their place, and no position rises. */
    static void judgePlaces(Outcome outcome) {
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
}
