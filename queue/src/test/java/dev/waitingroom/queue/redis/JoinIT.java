package dev.waitingroom.queue.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waitingroom.queue.line.LineLayout;
import dev.waitingroom.queue.policy.Mode;
import dev.waitingroom.queue.policy.Policy;
import dev.waitingroom.queue.store.Change;
import dev.waitingroom.queue.store.Reply;
import dev.waitingroom.queue.store.RoomScripts;
import dev.waitingroom.queue.store.RoomScripts.AdmitAnswer;
import dev.waitingroom.queue.store.RoomScripts.Call;
import dev.waitingroom.queue.store.RoomScripts.JoinAnswer;
import dev.waitingroom.queue.store.RoomScripts.JoinBatch;
import dev.waitingroom.queue.store.RoomScripts.JoinEntry;
import dev.waitingroom.testkit.redis.RedisExtension;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class JoinIT {
    @RegisterExtension
    static final RedisExtension REDIS = new RedisExtension();

    private static final Policy POLICY = TestRoom.policy(10, 100);
    private static final JoinEntry ANYONE = new JoinEntry(Optional.empty(), false);
    private static final JoinEntry NEWCOMER = new JoinEntry(Optional.empty(), true);

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

    // --- with admit ---

    @Test
    void joinIsAdmittedWhileNobodyIsAheadAndThereAreTokens() {
        room.apply(TestRoom.policy(1, 3, Mode.QUEUE, 2), false);
        long next = room.snapshot(0, 0).header().next();
        long millis = room.clock() / 1_000;

        var answers = joinSeeing(0, NEWCOMER, NEWCOMER, NEWCOMER, NEWCOMER, NEWCOMER);

        assertThat(answers)
                .containsExactly(
                        new JoinAnswer.Admitted(next, millis, millis),
                        new JoinAnswer.Admitted(next + 1, millis, millis),
                        new JoinAnswer.Admitted(next + 2, millis, millis),
                        new JoinAnswer.Issued(next + 3, millis),
                        new JoinAnswer.Issued(next + 4, millis));
        var header = room.snapshot(0, 0).header();
        assertThat(header.joined()).isEqualTo(5);
        assertThat(header.granted()).isEqualTo(3);
        assertThat(header.waiting()).isEqualTo(2);
        assertThat(header.horizon()).as("the admitted count as called").isEqualTo(next + 3);
        assertThat(room.alive()).containsExactly(next + 3, next + 4);
        assertThat(room.grants(TestRoom.RESERVATION)).containsOnlyKeys(next, next + 1, next + 2);
    }

    @Test
    void journalNamesTheAdmittedAfterTheyJoined() {
        var before = room.snapshot(0, 0);

        long ticket = admitted(joinSeeing(0, NEWCOMER).getFirst());

        var changes = room.snapshot(before.header().epoch(), before.sequence()).changes();
        assertThat(changes).hasSize(2);
        assertThat(changes.get(0)).isEqualTo(new Change.Joined(ticket, ticket + 1));
        assertThat(((Change.Granted) changes.get(1)).tickets()).containsExactly(ticket);
    }

    @Test
    void joinThatDoesNotAskClosesTheWayForThoseBehind() {
        var answers = joinSeeing(0, NEWCOMER, ANYONE, NEWCOMER);

        assertThat(answers.get(0)).isInstanceOf(JoinAnswer.Admitted.class);
        assertThat(answers.get(1)).isInstanceOf(JoinAnswer.Issued.class);
        assertThat(answers.get(2)).isInstanceOf(JoinAnswer.Issued.class);
        assertThat(joinSeeing(0, NEWCOMER).getFirst()).isInstanceOf(JoinAnswer.Issued.class);
    }

    @Test
    void nobodyIsAdmittedPastATicketThatIsAsleep() {
        begin(with(Duration.ofSeconds(5), Duration.ofSeconds(60), 1));
        long ticket = room.tickets(1)[0];
        room.run(Duration.ofSeconds(15));
        assertThat(room.alive()).isEmpty();

        assertThat(joinSeeing(0, NEWCOMER).getFirst()).isInstanceOf(JoinAnswer.Issued.class);
        assertThat(room.admit(ticket).answers()).hasOnlyElementsOfType(AdmitAnswer.Granted.class);
    }

    @Test
    void joinFindsThatTheTicketsAsleepWereLost() {
        begin(with(Duration.ofSeconds(5), Duration.ofSeconds(60), 1));
        long segment = room.tickets(1)[0] / LineLayout.SEGMENT_TICKETS;
        room.run(Duration.ofSeconds(15));
        REDIS.redis().command("DEL", "wr:{shop/concert}:asleep:" + segment);

        var reply =
                TestRoom.reply(room.scripts().join(new JoinBatch(room.call(), room.nextBatch(), 0, List.of(NEWCOMER))));

        assertThat(reply).isInstanceOf(Reply.StaleEpoch.class);
    }

    @Test
    void nobodyIsAdmittedWhileALossIsOpen() {
        begin(with(Duration.ofSeconds(5), Duration.ofSeconds(60), 1));
        room.setHistory("h2");
        room.learnEpoch();
        room.mergeNothing(TestRoom.GATEWAY, 1);
        assertThat(joinSeeing(0, NEWCOMER).getFirst()).as("recovers").isInstanceOf(JoinAnswer.Issued.class);
        leaveAll();
        room.run(Duration.ofSeconds(2));

        assertThat(joinSeeing(0, NEWCOMER).getFirst()).as("recovered").isInstanceOf(JoinAnswer.Issued.class);

        leaveAll();
        room.run(Duration.ofSeconds(16));
        assertThat(joinSeeing(0, NEWCOMER).getFirst()).as("loss over").isInstanceOf(JoinAnswer.Admitted.class);
    }

    @Test
    void nobodyIsAdmittedWhileAPageOfAdmissionsIsLost() {
        long ticket = admitted(joinSeeing(0, NEWCOMER).getFirst());
        long epoch = room.epoch();
        REDIS.redis().command("DEL", "wr:{shop/concert}:granted:" + ticket / LineLayout.PAGE_TICKETS);

        assertThat(joinSeeing(0, NEWCOMER).getFirst()).isInstanceOf(JoinAnswer.Issued.class);

        room.learnEpoch();
        assertThat(room.epoch()).as("gateways report their admissions again").isGreaterThan(epoch);
    }

    @ParameterizedTest
    @EnumSource(
            value = Mode.class,
            names = {"HOLD", "REJECT"})
    void otherModesAdmitNobodyAtOnce(Mode mode) {
        room.apply(TestRoom.policy(10, 100, mode, 2), false);

        assertThat(joinSeeing(0, NEWCOMER).getFirst()).isNotInstanceOf(JoinAnswer.Admitted.class);
        assertThat(room.snapshot(0, 0).header().granted()).isZero();
    }

    @Test
    void modePassAdmitsAtOnceThoughOthersWaitAndTheLineIsFull() {
        room.apply(with(Mode.QUEUE, OptionalLong.of(2), 2), false);
        joinSeeing(0, ANYONE, ANYONE, ANYONE);
        room.apply(with(Mode.PASS, OptionalLong.of(2), 3), false);
        long tat = room.snapshot(0, 0).header().tatMicros();

        var answers = joinSeeing(0, newcomer(1), ANYONE, NEWCOMER);

        assertThat(answers.get(0)).isInstanceOf(JoinAnswer.Admitted.class);
        assertThat(answers.get(1)).isEqualTo(new JoinAnswer.Full(2));
        assertThat(answers.get(2)).isInstanceOf(JoinAnswer.Admitted.class);
        var header = room.snapshot(0, 0).header();
        assertThat(header.waiting()).isEqualTo(2);
        assertThat(header.tatMicros()).as("no token is taken").isEqualTo(tat);
    }

    @Test
    void visitorWhoWaitsKeepsThePlace() {
        var before = joinSeeing(0, visitor(1)).getFirst();

        assertThat(joinSeeing(0, newcomer(1)).getFirst()).isEqualTo(before);
        assertThat(room.snapshot(0, 0).header().granted()).isZero();
    }

    @Test
    void visitorWhoWasAdmittedGetsTheAdmissionAgainUntilItIsOver() {
        var first = joinSeeing(0, newcomer(1), newcomer(1));
        assertThat(first.get(0)).isInstanceOf(JoinAnswer.Admitted.class).isEqualTo(first.get(1));

        room.run(TestRoom.RESERVATION.minusSeconds(1)); // a sweep of the visitor keys takes 26 s
        assertThat(joinSeeing(0, newcomer(1)).getFirst()).isEqualTo(first.getFirst());
        assertThat(room.snapshot(0, 0).header().granted()).isEqualTo(1);

        room.run(Duration.ofSeconds(2));
        assertThat(admitted(joinSeeing(0, newcomer(1)).getFirst())).isGreaterThan(admitted(first.getFirst()));
    }

    @Test
    void visitorKeyIsForgottenAfterTheReservation() {
        joinSeeing(0, newcomer(1));
        String bucket = "wr:{shop/concert}:who:" + 257;
        assertThat(REDIS.redis().command("HLEN", bucket)).isEqualTo(1L);

        room.run(TestRoom.RESERVATION.plusSeconds(30));

        assertThat(REDIS.redis().command("HLEN", bucket)).isEqualTo(0L);
    }

    @Test
    void visitorWhoWasAdmittedByAdmitGetsThatAdmissionToo() {
        var joined = (JoinAnswer.Issued) joinSeeing(0, visitor(1)).getFirst();
        room.run(Duration.ofSeconds(1));
        var granted =
                (AdmitAnswer.Granted) room.admit(joined.ticket()).answers().getFirst();

        assertThat(joinSeeing(0, newcomer(1)).getFirst())
                .isEqualTo(new JoinAnswer.Admitted(joined.ticket(), joined.issuedMillis(), granted.grantedMillis()));
        assertThat(joinSeeing(0, visitor(1)).getFirst())
                .as("without admit it is a new place")
                .isInstanceOf(JoinAnswer.Issued.class)
                .isNotEqualTo(joined);
    }

    @Test
    void batchWithAdmissionsSentAgainHasTheSameAnswersAndTakesNoToken() {
        var entries = List.of(ANYONE, newcomer(1), NEWCOMER);
        room.apply(with(Mode.PASS, OptionalLong.empty(), 2), false);
        var first = TestRoom.done(room.scripts().join(new JoinBatch(room.call(), 7, 0, entries)));
        room.apply(with(Mode.QUEUE, OptionalLong.empty(), 3), false);
        var header = room.snapshot(0, 0).header();
        room.advance(Duration.ofSeconds(50));

        var again = TestRoom.done(room.scripts().join(new JoinBatch(room.call(), 7, 0, entries)));

        assertThat(again).isEqualTo(first).hasSize(3);
        assertThat(again.get(1)).isInstanceOf(JoinAnswer.Admitted.class);
        assertThat(room.snapshot(0, 0).header().granted()).isEqualTo(header.granted());
        assertThat(room.snapshot(0, 0).header().tatMicros()).isEqualTo(header.tatMicros());
    }

    @Test
    void rateHoldsForJoinsThatAreAdmitted() {
        room.apply(TestRoom.policy(10, 5, Mode.QUEUE, 2), false);
        int admitted = 0;
        for (int i = 0; i < 100; i++) {
            room.run(Duration.ofMillis(100));
            for (JoinAnswer answer : joinSeeing(0, NEWCOMER, NEWCOMER, NEWCOMER)) {
                admitted += answer instanceof JoinAnswer.Admitted ? 1 : 0;
            }
            leaveAll();
        }

        assertThat(admitted).isEqualTo(5 + 10 * 10 - 1);
    }

    @Test
    void admissionsCrossPagesAndSegments() {
        begin(TestRoom.policy(10, 1_000));
        long border =
                (room.snapshot(0, 0).header().next() / LineLayout.SEGMENT_TICKETS + 1) * LineLayout.SEGMENT_TICKETS;

        var answers =
                joinSeeing(border - 100, Collections.nCopies(200, NEWCOMER).toArray(JoinEntry[]::new));

        assertThat(answers).hasOnlyElementsOfType(JoinAnswer.Admitted.class);
        assertThat(room.alive()).isEmpty();
        assertThat(room.grants(TestRoom.RESERVATION)).hasSize(200);
        assertThat(room.snapshot(0, 0).header().waiting()).isZero();
    }

    /** A new room. */
    private void begin(Policy policy) {
        room.flush();
        room.apply(policy, true);
    }

    private void leaveAll() {
        TestRoom.done(room.scripts()
                .leave(
                        room.call(),
                        room.alive().stream().mapToLong(Long::longValue).toArray()));
    }

    private static long admitted(JoinAnswer answer) {
        return ((JoinAnswer.Admitted) answer).ticket();
    }

    private List<JoinAnswer> joinSeeing(long highestSeen, JoinEntry... entries) {
        return TestRoom.done(
                room.scripts().join(new JoinBatch(room.call(), room.nextBatch(), highestSeen, List.of(entries))));
    }

    private static JoinEntry visitor(int n) {
        return new JoinEntry(Optional.of(hash(n)), false);
    }

    /** The same visitor, who asks to be admitted. */
    private static JoinEntry newcomer(int n) {
        return new JoinEntry(Optional.of(hash(n)), true);
    }

    private static byte[] hash(int n) {
        byte[] hash = new byte[12];
        Arrays.fill(hash, (byte) n);
        return hash;
    }

    private static Policy with(Duration ttl, Duration turnTtl, long generation) {
        return new Policy(
                POLICY.eventId(),
                POLICY.incarnation(),
                generation,
                Mode.QUEUE,
                POLICY.rate(),
                POLICY.period(),
                POLICY.burst(),
                ttl,
                turnTtl,
                OptionalLong.empty(),
                POLICY.reservationTtl(),
                "");
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
