package dev.waitingroom.queue.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waitingroom.queue.policy.Mode;
import dev.waitingroom.queue.store.Change;
import dev.waitingroom.queue.store.RoomScripts;
import dev.waitingroom.queue.store.RoomScripts.AdmitAnswer;
import dev.waitingroom.queue.store.RoomScripts.AdmitAnswer.BucketEmpty;
import dev.waitingroom.queue.store.RoomScripts.AdmitAnswer.Gone;
import dev.waitingroom.queue.store.RoomScripts.AdmitAnswer.Granted;
import dev.waitingroom.queue.store.RoomScripts.AdmitAnswer.NotYet;
import dev.waitingroom.queue.store.RoomScripts.AdmitAnswer.Unknown;
import dev.waitingroom.testkit.redis.RedisExtension;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class AdmitIT {
    @RegisterExtension
    static final RedisExtension REDIS = new RedisExtension();

    private TestRoom room;

    @BeforeEach
    void open() {
        room = TestRoom.on(REDIS.redis());
        room.apply(TestRoom.policy(10, 5), true);
    }

    @AfterEach
    void close() {
        room.close();
    }

    @Test
    void theLowestTicketsGetTheTokensThatThereAre() {
        long[] tickets = room.tickets(50);
        room.run(Duration.ofMillis(100));

        var reply = room.admit(tickets[6], tickets[5], tickets[4], tickets[3], tickets[2], tickets[1], tickets[0]);

        long now = room.clock() / 1_000;
        assertThat(reply.answers().subList(2, 7)).containsOnly(new Granted(now));
        assertThat(reply.answers().subList(0, 2)).containsOnly(new BucketEmpty());
        assertThat(reply.nextTokenMicros()).isEqualTo(room.clock() + 100_000);
        assertThat(room.alive()).hasSize(45).doesNotContain(tickets[0]).contains(tickets[5]);
    }

    @Test
    void aTokenComesWhenItWasSaid() {
        long[] tickets = room.tickets(50);
        room.run(Duration.ofMillis(100));
        long next = room.admit(Arrays.copyOf(tickets, 6)).nextTokenMicros();

        room.setClock(next - 1);
        assertThat(room.admit(tickets[5]).answers()).containsExactly(new BucketEmpty());
        room.setClock(next);
        assertThat(room.admit(tickets[5]).answers()).containsExactly(new Granted(next / 1_000));
    }

    @Test
    void aRepeatedAdmitGetsTheSameAnswerAndTakesNoToken() {
        long[] tickets = room.tickets(50);
        room.run(Duration.ofMillis(100));
        var first = room.admit(tickets[0]).answers();
        long granted = room.snapshot(0, 0).header().granted();
        room.advance(Duration.ofSeconds(100));

        assertThat(room.admit(tickets[0], tickets[0]).answers()).containsExactly(first.get(0), first.get(0));
        assertThat(room.snapshot(0, 0).header().granted()).isEqualTo(granted).isEqualTo(1);
    }

    @Test
    void anAdmissionIsOverWithItsReservation() {
        long[] tickets = room.tickets(50);
        room.run(Duration.ofMillis(100));
        room.admit(tickets[0]);
        room.advance(Duration.ofMinutes(2));
        assertThat(room.admit(tickets[0]).answers()).hasOnlyElementsOfType(Granted.class);

        room.advance(Duration.ofMillis(1));

        assertThat(room.admit(tickets[0]).answers()).containsExactly(new Gone());
    }

    @Test
    void nobodyIsAdmittedBeforeTheirTurn() {
        long[] tickets = room.tickets(50);

        assertThat(room.admit(tickets[0]).answers()).containsExactly(new NotYet());
        room.run(Duration.ofMillis(100));
        assertThat(room.admit(tickets[49]).answers()).containsExactly(new NotYet());
    }

    @Test
    void tokensOfGrantsThatNobodyRemembersAreNotGivenAgain() {
        room.apply(TestRoom.policy(1, 5, Mode.QUEUE, 2), false);
        long[] tickets = room.tickets(50);
        room.run(Duration.ofMillis(100));

        // A primary that has all of it but the grants of the last moment.
        room.setHistory("promoted");
        room.learnEpoch();
        room.mergeNothing(TestRoom.GATEWAY, 1);
        room.run(Duration.ofMillis(1_100));

        assertThat(room.admit(Arrays.copyOf(tickets, 5)).answers())
                .containsOnlyOnce(new Granted(room.clock() / 1_000))
                .filteredOn(BucketEmpty.class::isInstance)
                .hasSize(4);
    }

    @Test
    void tokensThatAnotherPrimaryGaveMeanwhileAreNotGivenAgain() {
        room.apply(TestRoom.policy(1, 5, Mode.QUEUE, 2), false);
        long[] tickets = room.tickets(50);
        room.run(Duration.ofMillis(100));
        long horizon = room.snapshot(0, 0).header().horizon();
        room.setHistory("promoted");
        room.learnEpoch();
        room.run(Duration.ofSeconds(4));
        long[] others = Arrays.copyOf(tickets, 2);

        TestRoom.done(room.scripts()
                .merge(new RoomScripts.Merge(
                        room.call(),
                        tickets[49] + 1,
                        List.of(),
                        horizon,
                        List.of(),
                        new long[0],
                        others,
                        new long[] {room.clock() / 1_000 - 500, room.clock() / 1_000 - 400},
                        new long[0],
                        new long[0],
                        false,
                        true,
                        1)));

        assertThat(room.admit(tickets[2], tickets[3]).answers()).containsOnly(new BucketEmpty());
        room.run(Duration.ofSeconds(1));
        assertThat(room.admit(tickets[2], tickets[3]).answers())
                .containsExactly(new Granted(room.clock() / 1_000), new BucketEmpty());
    }

    @Test
    void whoNeverJoinedIsGone() {
        long ticket = room.tickets(1)[0];

        assertThat(room.admit(ticket - 1, Long.MAX_VALUE >> 11).answers()).containsOnly(new Gone());
    }

    @Test
    void aTicketThatANewerLineIssuedIsToBeRestoredFirst() {
        long ticket = room.tickets(1)[0];

        assertThat(room.admit(ticket + 1).answers()).containsOnly(new Unknown());
    }

    @Test
    void holdAdmitsNobodyAndPassEverybody() {
        long[] tickets = room.tickets(50);
        room.run(Duration.ofMillis(100));
        room.apply(TestRoom.policy(10, 5, Mode.HOLD, 2), false);
        assertThat(room.admit(tickets).answers()).containsOnly(new NotYet());

        room.apply(TestRoom.policy(10, 5, Mode.PASS, 3), false);
        assertThat(room.admit(tickets).answers()).containsOnly(new Granted(room.clock() / 1_000));

        room.apply(TestRoom.policy(10, 5, Mode.QUEUE, 4), false);
        long[] later = room.tickets(5);
        room.run(Duration.ofSeconds(5));
        assertThat(room.admit(later).answers()).hasOnlyElementsOfType(Granted.class); // Pass took no token
    }

    @Test
    void theJournalNamesTheAdmitted() {
        long[] tickets = room.tickets(50);
        room.run(Duration.ofMillis(100));
        long before = room.lastSequence();
        room.admit(tickets[1], tickets[0]);

        List<Change> changes = room.snapshot(room.epoch(), before).changes();

        assertThat(changes).hasSize(1);
        var granted = (Change.Granted) changes.getFirst();
        assertThat(granted.tickets()).containsExactly(tickets[0], tickets[1]);
        assertThat(granted.grantedMillis()).containsOnly(room.clock() / 1_000);
    }

    @Test
    void aBatchMayHoldTicketsOfManySegments() {
        room.apply(TestRoom.policy(1_000, 1_000, Mode.PASS, 2), false);
        long[] tickets = new long[RoomScripts.BATCH_TICKETS];
        for (int i = 0; i < tickets.length; i++) {
            tickets[i] = 1_000_000L * (i + 1);
        }

        assertThat(room.admit(tickets).answers()).containsOnly((AdmitAnswer) new Gone());
    }
}
