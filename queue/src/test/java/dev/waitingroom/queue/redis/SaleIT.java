package dev.waitingroom.queue.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waitingroom.queue.store.Header;
import dev.waitingroom.queue.store.RoomScripts;
import dev.waitingroom.queue.store.RoomScripts.AdmitAnswer;
import dev.waitingroom.queue.store.RoomScripts.Present;
import dev.waitingroom.testkit.redis.RedisExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A sale of two minutes on a test's clock: visitors who poll every 1.5 s once called, and those who never come. */
class SaleIT {
    @RegisterExtension
    static final RedisExtension REDIS = new RedisExtension();

    private static final Duration TICK = Duration.ofMillis(100);
    private static final double POLL_SECONDS = 1.5;

    private TestRoom room;

    @BeforeEach
    void open() {
        room = TestRoom.on(REDIS.redis());
    }

    @AfterEach
    void close() {
        room.close();
    }

    @ParameterizedTest(name = "rate {0} burst {1} absent {2}%")
    @CsvSource({"10, 100, 0", "10, 100, 30", "10, 100, 90", "5, 5, 30", "100, 100, 90"})
    void theRateIsUsedInFullAndTheOrderHolds(int rate, int burst, int absentPercent) {
        room.apply(TestRoom.policy(rate, burst), true);

        Sale sale = play(rate, absentPercent, 120);

        assertThat(sale.grantsFrom(30) / (90.0 * rate)).isBetween(0.98, 1.02);
        assertThat(sale.mostOvertaken()).isLessThanOrEqualTo(burst + 3 * rate);
        assertThat(sale.expectedTooMany(30) / rate)
                .as("seconds by which the estimate errs for those called")
                .isBetween(-1.0, 1.0);
    }

    @Test
    void whoIsCalledAndLateIsDueThoughOthersWereCalledInstead() {
        room.apply(TestRoom.policy(10, 100), true);
        long first = room.tickets(300)[0];

        for (int i = 0; i < 40; i++) {
            room.advance(TICK);
            TestRoom.done(room.scripts().tick(room.call(), Present.NOBODY));
            Header header = room.snapshot(room.epoch(), room.lastSequence()).header();
            assertThat(header.due()).isEqualTo(header.horizon() - first);
        }

        assertThat(room.snapshot(room.epoch(), room.lastSequence()).header().horizon() - first)
                .isGreaterThan(200);
    }

    private record Grant(double second, long ticket) {}

    private record Visitor(double asksAt, long ticket) {}

    /**
     * @param due how many of the called Redis expects to come
     * @param come how many do
     */
    private record Look(double second, long due, int come) {}

    private record Sale(List<Grant> grants, List<Look> looks) {
        long grantsFrom(double second) {
            return grants.stream().filter(grant -> grant.second >= second).count();
        }

        /** Of the called, on average. */
        double expectedTooMany(double second) {
            return looks.stream()
                    .filter(look -> look.second >= second)
                    .mapToDouble(look -> look.due - look.come)
                    .average()
                    .orElseThrow();
        }

        /** The most lower tickets that were granted after a higher one. */
        int mostOvertaken() {
            int most = 0;
            var later = new TreeSet<Long>();
            for (Grant grant : grants.reversed()) {
                most = Math.max(most, later.headSet(grant.ticket).size());
                later.add(grant.ticket);
            }
            return most;
        }
    }

    private Sale play(int rate, int absentPercent, int seconds) {
        var random = new Random(1);
        int visitors = (int) (rate * seconds / (1 - absentPercent / 100.0) * 1.3) + 1_000;
        long[] tickets = room.tickets(visitors);
        var asking = new PriorityQueue<Visitor>(Comparator.comparingDouble(Visitor::asksAt));
        var held = new TreeSet<Long>();
        var came = new ArrayList<Long>();
        var grants = new ArrayList<Grant>();
        var looks = new ArrayList<Look>();
        int called = 0;
        for (double second = 0.1; second <= seconds; second += 0.1) {
            room.advance(TICK);
            long[] told = came.stream()
                    .limit(RoomScripts.BATCH_TICKETS)
                    .mapToLong(Long::longValue)
                    .toArray();
            came.subList(0, told.length).clear();
            TestRoom.done(room.scripts().tick(room.call(), new Present(held.size(), held.size(), 0, told)));
            Header header = room.snapshot(room.epoch(), room.lastSequence()).header();
            for (; called < tickets.length && tickets[called] < header.horizon(); called++) {
                if (random.nextInt(100) >= absentPercent) {
                    asking.add(new Visitor(second + random.nextDouble() * POLL_SECONDS, tickets[called]));
                }
            }
            looks.add(new Look(second, header.due(), asking.size() + held.size()));
            while (!asking.isEmpty() && asking.peek().asksAt <= second) {
                long ticket = asking.remove().ticket;
                held.add(ticket);
                came.add(ticket);
            }
            long[] batch = held.stream()
                    .limit(RoomScripts.BATCH_TICKETS)
                    .mapToLong(Long::longValue)
                    .toArray();
            List<AdmitAnswer> answers = room.admit(batch).answers();
            for (int i = 0; i < batch.length; i++) {
                if (answers.get(i) instanceof AdmitAnswer.Granted) {
                    held.remove(batch[i]);
                    grants.add(new Grant(second, batch[i]));
                }
            }
        }
        return new Sale(grants, looks);
    }
}
