package dev.waitingroom.queue.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waitingroom.queue.policy.Mode;
import dev.waitingroom.queue.policy.Policy;
import dev.waitingroom.queue.policy.SessionCap;
import dev.waitingroom.queue.store.Change;
import dev.waitingroom.queue.store.Header;
import dev.waitingroom.queue.store.RoomScripts.AdmitAnswer.BucketEmpty;
import dev.waitingroom.queue.store.RoomScripts.AdmitAnswer.Gone;
import dev.waitingroom.queue.store.RoomScripts.AdmitAnswer.Granted;
import dev.waitingroom.queue.store.RoomScripts.JoinAnswer;
import dev.waitingroom.queue.store.RoomScripts.JoinBatch;
import dev.waitingroom.queue.store.RoomScripts.JoinEntry;
import dev.waitingroom.queue.store.RoomScripts.Present;
import dev.waitingroom.testkit.redis.RedisExtension;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A room that limits active sessions: three at a time, which last for five minutes. */
class SessionCapIT {
    @RegisterExtension
    static final RedisExtension REDIS = new RedisExtension();

    private static final Duration SESSION = Duration.ofMinutes(5);

    private TestRoom room;
    private long generation = 1;

    @BeforeEach
    void open() {
        room = TestRoom.on(REDIS.redis());
        room.apply(capped(3, Mode.QUEUE), true);
    }

    @AfterEach
    void close() {
        room.close();
    }

    @Test
    void noMoreVisitorsAreAdmittedThanMayBeActive() {
        long[] tickets = room.tickets(10);
        room.run(Duration.ofSeconds(2));

        var reply = room.admit(Arrays.copyOf(tickets, 4));

        assertThat(reply.answers().subList(0, 3)).hasOnlyElementsOfType(Granted.class);
        assertThat(reply.answers().get(3)).isNotInstanceOf(Granted.class);
        assertThat(room.sessions()).containsOnlyKeys(tickets[0], tickets[1], tickets[2]);
        assertThat(sessions()).isEqualTo(new Header.Sessions(3, 0));
    }

    @Test
    void onlyAsManyAreCalledAsThereArePlaces() {
        long[] tickets = room.tickets(10);

        room.run(Duration.ofSeconds(1));

        assertThat(room.snapshot(0, 0).header().horizon()).isEqualTo(tickets[2] + 1);
    }

    @Test
    void aCalledVisitorWithoutAPlaceWaitsAndIsAskedAboutSoon() {
        long[] tickets = room.tickets(5);
        room.run(Duration.ofSeconds(1));
        room.apply(capped(2, Mode.QUEUE), false);

        var reply = room.admit(Arrays.copyOf(tickets, 3));

        assertThat(reply.answers().get(2)).isEqualTo(new BucketEmpty());
        assertThat(reply.nextTokenMicros()).isEqualTo(room.clock() + 250_000);
        assertThat(room.alive()).contains(tickets[2]);
    }

    @Test
    void aSessionThatRunsOutFreesItsPlaceAtOnce() {
        long[] tickets = enter();
        long granted = room.grants(SESSION).getOrDefault(tickets[0], 0L);
        room.advance(SESSION.minusMillis(room.clock() / 1_000 - granted + 1));
        assertThat(sessions().active()).isEqualTo(3);

        room.advance(Duration.ofMillis(1));

        assertThat(sessions().active()).isZero();
        assertThat(admitNext(tickets)).isInstanceOf(Granted.class);
    }

    @Test
    void aSessionThatEndsFreesItsPlaceAtOnce() {
        long[] tickets = enter();
        assertThat(admitNext(tickets)).isNotInstanceOf(Granted.class);

        end(tickets[1]);

        assertThat(sessions().active()).isEqualTo(2);
        assertThat(admitNext(tickets)).isInstanceOf(Granted.class);
    }

    @Test
    void anAdmissionIsNotRepeatedAfterItsSessionEnded() {
        long[] tickets = enter();

        end(tickets[0]);

        assertThat(room.admit(tickets[0]).answers()).containsExactly(new Gone());
        assertThat(use(tickets[0])).isZero();
    }

    @Test
    void anAdmissionIsRepeatedOnlyWhileItsSessionGoesOn() {
        room.apply(reserved(Duration.ofSeconds(60)), false);
        long[] tickets = enter();
        room.apply(reserved(Duration.ofSeconds(600)), false);
        room.advance(Duration.ofSeconds(59));
        assertThat(room.admit(tickets[0]).answers()).hasOnlyElementsOfType(Granted.class);

        room.advance(Duration.ofSeconds(2));

        assertThat(room.admit(tickets[1]).answers()).containsExactly(new Gone());
        assertThat(room.admit(tickets[0]).answers()).hasOnlyElementsOfType(Granted.class);
        assertThat(room.sessions()).containsOnlyKeys(tickets[0]);
        room.advance(Duration.ofSeconds(540));
        assertThat(sessions().active()).isZero();
    }

    @Test
    void aSessionThatIsUsedLastsLonger() {
        long[] tickets = enter();
        room.advance(Duration.ofMinutes(4));

        assertThat(use(tickets[0])).isEqualTo(room.clock() / 1_000 + SESSION.toMillis());

        room.advance(Duration.ofMinutes(2));
        assertThat(sessions().active()).isEqualTo(1);
        assertThat(room.sessions()).containsOnlyKeys(tickets[0]);
    }

    @Test
    void aSessionThatIsOverIsNotRenewed() {
        long[] tickets = enter();

        room.advance(SESSION.plusSeconds(1));

        assertThat(use(tickets[0])).isZero();
        assertThat(sessions().active()).isZero();
    }

    @Test
    void gatewaysHearOfSessionsThatBeginAreUsedAndEnd() {
        long[] tickets = room.tickets(3);
        room.run(Duration.ofSeconds(1));
        long before = room.lastSequence();
        room.admit(tickets);
        long began = room.clock() / 1_000;
        room.advance(Duration.ofSeconds(40));
        use(tickets[0]);
        end(tickets[1]);

        List<Change> changes = room.snapshot(room.epoch(), before).changes().stream()
                .filter(Change.Sessions.class::isInstance)
                .toList();

        long used = began + 40_000;
        assertThat(changes)
                .usingRecursiveComparison()
                .isEqualTo(List.of(
                        new Change.Sessions(began + SESSION.toMillis(), tickets),
                        new Change.Sessions(used + SESSION.toMillis(), new long[] {tickets[0]}),
                        new Change.Sessions(0, new long[] {tickets[1]})));
    }

    @Test
    void aJoinIsNotAdmittedWithoutAPlace() {
        for (int i = 0; i < 3; i++) {
            assertThat(joinAndEnter()).isInstanceOf(JoinAnswer.Admitted.class);
        }

        assertThat(joinAndEnter()).isInstanceOf(JoinAnswer.Issued.class);
        assertThat(sessions().active()).isEqualTo(3);
    }

    @Test
    void modePassAdmitsEveryoneAndCountsThem() {
        long[] tickets = enter();
        room.apply(capped(3, Mode.PASS), false);

        assertThat(admitNext(tickets)).isInstanceOf(Granted.class);
        assertThat(sessions().active()).isEqualTo(4);
        room.apply(capped(3, Mode.QUEUE), false);
        assertThat(room.admit(tickets[4]).answers().getFirst()).isNotInstanceOf(Granted.class);
    }

    @Test
    void aLowerLimitEndsNoSession() {
        long[] tickets = enter();
        room.apply(capped(1, Mode.QUEUE), false);
        end(tickets[0]);
        end(tickets[1]);
        assertThat(admitNext(tickets)).isNotInstanceOf(Granted.class);

        end(tickets[2]);

        assertThat(admitNext(tickets)).isInstanceOf(Granted.class);
    }

    @Test
    void aHigherLimitAdmitsMore() {
        long[] tickets = enter();

        room.apply(capped(4, Mode.QUEUE), false);

        assertThat(admitNext(tickets)).isInstanceOf(Granted.class);
        assertThat(sessions().active()).isEqualTo(4);
    }

    @Test
    void aRoomWithoutALimitKeepsNoSessions() {
        long[] tickets = enter();
        room.apply(TestRoom.policy(10, 10, Mode.QUEUE, ++generation), false);
        room.run(Duration.ofSeconds(1));

        assertThat(admitNext(tickets)).isInstanceOf(Granted.class);
        assertThat(TestRoom.done(room.scripts().sessions(room.call(), tickets, tickets)))
                .isEmpty();
        assertThat(keyExists()).isFalse();
    }

    @Test
    void sessionsFromBeforeTheLimitCountFromTheirNextUseOn() {
        room.apply(TestRoom.policy(10, 10, Mode.QUEUE, ++generation), false);
        long[] tickets = enter();
        room.apply(capped(3, Mode.QUEUE), false);
        assertThat(sessions().active()).isZero();

        use(tickets[0]);

        assertThat(room.sessions()).containsOnlyKeys(tickets[0]);
    }

    @Test
    void aRoomThatLostEverythingIsFullUntilAllSessionsHaveRunOut() {
        enter();
        room.flush();
        room.apply(capped(3, Mode.QUEUE), false);
        long lost = room.clock();
        room.advance(Duration.ofSeconds(11)); // nobody has a copy
        long[] tickets = room.tickets(1);

        room.run(Duration.ofSeconds(5));
        assertThat(room.admit(tickets).answers().getFirst()).isNotInstanceOf(Granted.class);

        room.setClock(lost + SESSION.toNanos() / 1_000);
        room.run(Duration.ofSeconds(1));
        assertThat(room.admit(tickets).answers()).hasOnlyElementsOfType(Granted.class);
    }

    @Test
    void aCopyPutsTheSessionsBack() {
        long[] tickets = enter();
        SortedMap<Long, Long> copy = room.sessions();
        room.flush();
        room.apply(capped(3, Mode.QUEUE), false);

        merge(copy.headMap(tickets[2]), true);

        assertThat(sessions()).isEqualTo(new Header.Sessions(2, 0));
        long[] later = room.tickets(2);
        room.run(Duration.ofSeconds(6));
        assertThat(room.admit(later).answers().getFirst()).isInstanceOf(Granted.class);
        assertThat(room.admit(later).answers().getLast()).isNotInstanceOf(Granted.class);
    }

    @Test
    void aCopyThatDoesNotKnowAllSessionsFreesNoPlace() {
        enter();
        room.setHistory("promoted");
        room.learnEpoch();

        merge(Map.of(), false);

        assertThat(sessions().fullUntilMillis()).isEqualTo(room.clock() / 1_000 + SESSION.toMillis());
    }

    @Test
    void copiesFromBeforeAKeyWasLostFreeNoPlace() {
        enter();
        room.setHistory("promoted");
        room.learnEpoch();
        REDIS.redis().command("DEL", "wr:{" + TestRoom.ID + "}:active");
        long full = sessions().fullUntilMillis();

        merge(Map.of(), true);

        assertThat(full).isPositive();
        assertThat(sessions().fullUntilMillis()).isEqualTo(full);
    }

    @Test
    void aLostKeyIsFoundAndPutBack() {
        long[] tickets = enter();
        SortedMap<Long, Long> copy = room.sessions();
        long epoch = room.epoch();
        REDIS.redis().command("DEL", "wr:{" + TestRoom.ID + "}:active");
        assertThat(room.admit(tickets[3]).answers().getFirst()).isNotInstanceOf(Granted.class);

        room.advance(Duration.ofMillis(100));
        TestRoom.reply(room.scripts().tick(room.call(), Present.NOBODY));
        room.learnEpoch();

        assertThat(room.epoch()).isGreaterThan(epoch);
        assertThat(room.snapshot(0, 0).header().lostKey()).isEqualTo("active");
        merge(copy, true);
        assertThat(room.sessions()).isEqualTo(copy);
        assertThat(sessions()).isEqualTo(new Header.Sessions(3, 0));
    }

    @Test
    void aDeletedRoomLeavesNoSessions() throws Exception {
        enter();

        room.control().clear(TestRoom.ID);

        assertThat(keyExists()).isFalse();
    }

    private Policy capped(int maxActive, Mode mode) {
        return TestRoom.policy(10, 10, mode, generation++).withCap(Optional.of(new SessionCap(maxActive, SESSION)));
    }

    /** A policy whose sessions are shorter than its reservations. */
    private Policy reserved(Duration ttl) {
        Policy one = capped(3, Mode.QUEUE);
        return new Policy(
                one.eventId(),
                one.incarnation(),
                one.generation(),
                one.mode(),
                one.rate(),
                one.period(),
                one.burst(),
                one.ttl(),
                one.turnTtl(),
                one.maxLength(),
                ttl,
                one.message(),
                Optional.of(new SessionCap(3, Duration.ofSeconds(30))));
    }

    /** Three visitors of ten enter. */
    private long[] enter() {
        long[] tickets = room.tickets(10);
        room.run(Duration.ofSeconds(1));
        TestRoom.done(room.scripts().tick(room.call(), new Present(0, 0, 0, Arrays.copyOf(tickets, 3))));
        assertThat(room.admit(Arrays.copyOf(tickets, 3)).answers()).hasOnlyElementsOfType(Granted.class);
        return tickets;
    }

    private Object admitNext(long[] tickets) {
        room.run(Duration.ofMillis(200));
        return room.admit(tickets[3]).answers().getFirst();
    }

    private JoinAnswer joinAndEnter() {
        return TestRoom.done(room.scripts()
                        .join(new JoinBatch(
                                room.call(), room.nextBatch(), 0, List.of(new JoinEntry(Optional.empty(), true)))))
                .getFirst();
    }

    private void end(long ticket) {
        TestRoom.done(room.scripts().sessions(room.call(), new long[0], new long[] {ticket}));
    }

    private long use(long ticket) {
        return TestRoom.done(room.scripts().sessions(room.call(), new long[] {ticket}, new long[0]))[0];
    }

    private void merge(Map<Long, Long> sessions, boolean all) {
        room.mergeSessions(
                TestRoom.GATEWAY,
                sessions.entrySet().stream()
                        .flatMapToLong(session -> LongStream.of(session.getValue(), session.getKey()))
                        .toArray(),
                all,
                1);
    }

    private Header.Sessions sessions() {
        return room.snapshot(0, 0).header().sessions();
    }

    private static boolean keyExists() {
        return Long.valueOf(1).equals(REDIS.redis().command("EXISTS", "wr:{" + TestRoom.ID + "}:active"));
    }
}
