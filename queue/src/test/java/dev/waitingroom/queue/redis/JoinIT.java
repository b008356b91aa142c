package dev.waitingroom.queue.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waitingroom.queue.line.LineLayout;
import dev.waitingroom.queue.policy.Mode;
import dev.waitingroom.queue.policy.Policy;
import dev.waitingroom.queue.store.Reply;
import dev.waitingroom.queue.store.RoomScripts;
import dev.waitingroom.queue.store.RoomScripts.Call;
import dev.waitingroom.queue.store.RoomScripts.JoinAnswer;
import dev.waitingroom.queue.store.RoomScripts.JoinBatch;
import dev.waitingroom.queue.store.RoomScripts.JoinEntry;
import dev.waitingroom.testkit.redis.RedisExtension;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class JoinIT {
    @RegisterExtension
    static final RedisExtension REDIS = new RedisExtension();

    private static final Policy POLICY = TestRoom.policy(10, 100);
    private static final JoinEntry ANYONE = new JoinEntry(Optional.empty());

    private TestRoom room;

    @BeforeEach
    void open() {
        room = TestRoom.on(REDIS.redis());
        room.apply(POLICY, true);
    }

    @AfterEach
    void close() {
        room.close();
    }

    @Test
    void numbersFollowEachOtherOverBatchesAndSegments() {
        long first = room.snapshot(0, 0).header().next();
        long border = (first / LineLayout.SEGMENT_TICKETS + 1) * LineLayout.SEGMENT_TICKETS;

        joinSeeing(border - 4, ANYONE, ANYONE, ANYONE);
        long[] tickets = room.tickets(600);

        assertThat(tickets[0]).isEqualTo(border);
        assertThat(tickets[599] - tickets[0]).isEqualTo(599);
        var header = room.snapshot(0, 0).header();
        assertThat(header.waiting()).isEqualTo(603);
        assertThat(header.joined()).isEqualTo(603);
        assertThat(header.segments())
                .containsExactly(
                        new long[] {border / LineLayout.SEGMENT_TICKETS - 1, border / LineLayout.SEGMENT_TICKETS + 1});
        assertThat(room.alive()).hasSize(603).contains(border - 3, border - 2, border - 1, border, border + 599);
    }

    @Test
    void aBatchSentAgainHasTheSameAnswersAndOneEffect() {
        var batch = new JoinBatch(room.call(), 7, 0, List.of(ANYONE, visitor(1), ANYONE));
        var first = TestRoom.done(room.scripts().join(batch));
        room.advance(Duration.ofSeconds(50));

        var again = TestRoom.done(
                room.scripts().join(new JoinBatch(room.call(), 7, 0, List.of(ANYONE, visitor(1), ANYONE))));

        assertThat(again).isEqualTo(first).hasSize(3);
        assertThat(room.snapshot(0, 0).header().joined()).isEqualTo(3);
    }

    @Test
    void aBatchAfterItsDeadlineDoesNothing() {
        var call = room.call();
        room.advance(Duration.ofMillis(501));

        var reply = TestRoom.reply(room.scripts().join(new JoinBatch(call, 1, 0, List.of(ANYONE))));

        assertThat(reply).isEqualTo(new Reply.Late<>(room.clock()));
        assertThat(room.snapshot(0, 0).header().joined()).isZero();
    }

    @Test
    void anotherEpochIsRefused() {
        var call = new Call(TestRoom.GATEWAY, room.epoch() - 1, room.clock() + 1);

        var reply = TestRoom.reply(room.scripts().join(new JoinBatch(call, 1, 0, List.of(ANYONE))));

        assertThat(reply).isEqualTo(new Reply.StaleEpoch<>(room.clock(), room.epoch()));
    }

    @Test
    void aRoomWithoutPolicyRefuses() {
        REDIS.redis().command("DEL", "wr:{shop/concert}:policy");

        var reply = TestRoom.reply(room.scripts().join(new JoinBatch(room.call(), 1, 0, List.of(ANYONE))));

        assertThat(reply).isEqualTo(new Reply.NoPolicy<>(room.clock()));
    }

    @Test
    void oneVisitorHoldsOnePlaceUntilTheTicketIsGone() {
        var first = joinSeeing(0, visitor(1), ANYONE, visitor(1), visitor(2));
        room.advance(Duration.ofSeconds(3));
        var later = joinSeeing(0, visitor(2), visitor(1), ANYONE);
        long ticket = ((JoinAnswer.Issued) first.getFirst()).ticket();

        assertThat(first.get(2)).isEqualTo(first.get(0));
        assertThat(later.get(1)).isEqualTo(first.get(0));
        assertThat(later.get(0)).isEqualTo(first.get(3));
        assertThat(room.snapshot(0, 0).header().waiting()).isEqualTo(4);

        TestRoom.done(room.scripts().leave(room.call(), new long[] {ticket}));
        assertThat(joinSeeing(0, visitor(1)).getFirst()).isNotEqualTo(first.getFirst());
    }

    @Test
    void numbersAreAboveThoseThatTheCallerHasSeen() {
        long seen = room.snapshot(0, 0).header().next() + 1_000_000;

        var answer = joinSeeing(seen, ANYONE).getFirst();

        assertThat(answer).isEqualTo(new JoinAnswer.Issued(seen + 1, room.clock() / 1_000));
    }

    @Test
    void noMoreThanMaxLengthWait() {
        room.apply(with(Mode.QUEUE, OptionalLong.of(3), 2), false);

        var answers = joinSeeing(0, ANYONE, visitor(1), ANYONE, ANYONE, visitor(2), visitor(1));

        assertThat(answers.subList(0, 3)).allMatch(JoinAnswer.Issued.class::isInstance);
        assertThat(answers.get(3)).isEqualTo(new JoinAnswer.Full(3));
        assertThat(answers.get(4)).isEqualTo(new JoinAnswer.Full(3));
        assertThat(answers.get(5)).isEqualTo(answers.get(1));
    }

    @Test
    void rejectTurnsAwayAllButThoseWhoHoldAPlace() {
        var before = joinSeeing(0, visitor(1));
        room.apply(with(Mode.REJECT, OptionalLong.empty(), 2), false);

        var answers = joinSeeing(0, ANYONE, visitor(1), visitor(2));

        assertThat(answers).containsExactly(new JoinAnswer.Rejected(), before.getFirst(), new JoinAnswer.Rejected());
    }

    @Test
    void takesAsManyAsABatchMayHold() {
        assertThat(room.join(RoomScripts.BATCH_TICKETS)).hasSize(RoomScripts.BATCH_TICKETS);
    }

    private List<JoinAnswer> joinSeeing(long highestSeen, JoinEntry... entries) {
        return TestRoom.done(
                room.scripts().join(new JoinBatch(room.call(), room.nextBatch(), highestSeen, List.of(entries))));
    }

    private static JoinEntry visitor(int n) {
        byte[] hash = new byte[12];
        Arrays.fill(hash, (byte) n);
        return new JoinEntry(Optional.of(hash));
    }

    private static Policy with(Mode mode, OptionalLong maxLength, long generation) {
        return new Policy(
                POLICY.eventId(),
                POLICY.incarnation(),
                generation,
                mode,
                POLICY.rate(),
                POLICY.period(),
                POLICY.burst(),
                POLICY.ttl(),
                POLICY.turnTtl(),
                maxLength,
                POLICY.reservationTtl(),
                "");
    }
}
