package dev.waitingroom.queue.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waitingroom.queue.store.RoomScripts.Standing;
import dev.waitingroom.testkit.redis.RedisExtension;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** When a line that lost something has recovered: as soon as every gateway's copy is in, and not much later where one does not come. */
class RecoveryIT {
    @RegisterExtension
    static final RedisExtension REDIS = new RedisExtension();

    private TestRoom room;

    private long[] lost;
    private long lostMicros;

    @BeforeEach
    void loseTheLine() {
        room = TestRoom.on(REDIS.redis());
        room.apply(TestRoom.policy(1, 10), true);
        lost = room.tickets(4);
        room.advance(Duration.ofSeconds(1)); // numbers follow the time: the new ones are above
        room.flush();
        room.apply(TestRoom.policy(1, 10), false);
        lostMicros = room.clock();
    }

    @AfterEach
    void close() {
        room.close();
    }

    @Test
    void recoversOneSecondAfterTheLossWhenTheOnlyGatewayMerged() {
        room.mergeNothing("a", 1);

        assertThat(recovers()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void waitsForTheOtherGatewayThatTheFirstOneKnew() {
        room.mergeNothing("a", 2);
        room.mergeNothing("a", 2); // merged again, since the first answer was lost

        assertThat(recovers()).isEqualTo(Duration.ofSeconds(5));

        room.advance(Duration.ofSeconds(2));
        room.mergeNothing("b", 1); // it knew of nobody: the first one's word counts

        assertThat(recovers()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void waitsTenSecondsForVisitorsWhereNoGatewayHasACopy() {
        assertThat(recovers()).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void waitsForAllGatewaysAnewAfterTheNextLoss() {
        room.mergeNothing("a", 2);
        room.mergeNothing("b", 2);
        room.advance(Duration.ofSeconds(3));
        room.setHistory("promoted");
        room.learnEpoch();
        lostMicros = room.clock();

        room.mergeNothing("a", 2);

        assertThat(recovers()).isEqualTo(Duration.ofSeconds(5));
    }

    /** The ttl is 300 s. A rolling update to another Redis may take far longer: each gateway brings its visitors when it comes. */
    @Test
    void visitorsWhoComeBackKeepTheLossOpenForTheOthers() {
        assertThat(restored(lost[1])).isInstanceOf(Standing.Waits.class);
        room.run(Duration.ofSeconds(500));
        assertThat(restored(lost[0])).as("long after the ttl").isInstanceOf(Standing.Waits.class);
        room.run(Duration.ofSeconds(300));
        assertThat(restored(lost[2])).as("within a ttl of the one before").isInstanceOf(Standing.Waits.class);
        room.run(Duration.ofSeconds(311));

        assertThat(restored(lost[3])).as("long after the last one").isInstanceOf(Standing.Gone.class);
    }

    private Standing restored(long ticket) {
        return TestRoom.done(room.scripts().restore(room.call(), new long[] {ticket}))
                .getFirst();
    }

    /** How long after the loss. */
    private Duration recovers() {
        return Duration.ofNanos((room.snapshot(0, 0).header().recoveringUntilMicros() - lostMicros) * 1_000);
    }
}
