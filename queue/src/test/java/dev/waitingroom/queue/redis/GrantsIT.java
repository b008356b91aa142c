package dev.waitingroom.queue.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waitingroom.queue.policy.Mode;
import dev.waitingroom.queue.store.RoomScripts;
import dev.waitingroom.testkit.redis.RedisExtension;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class GrantsIT {
    private static final int PAGE_TICKETS = 1_016;

    @RegisterExtension
    static final RedisExtension REDIS = new RedisExtension();

    private TestRoom room;

    @BeforeEach
    void open() {
        room = TestRoom.on(REDIS.redis());
        room.apply(TestRoom.policy(1, 1, Mode.PASS, 1), true);
    }

    @AfterEach
    void close() {
        room.close();
    }

    @Test
    void thereAreNoneBeforeTheFirst() {
        room.tickets(5);

        assertThat(pages()).isEmpty();
        assertThat(room.grants(TestRoom.RESERVATION)).isEmpty();
    }

    @Test
    void tellsWhoWasAdmittedAndWhen() {
        long[] tickets = room.tickets(4);
        admit(tickets[0], tickets[2]);
        long first = room.clock() / 1_000;
        room.advance(Duration.ofSeconds(3));
        admit(tickets[1]);

        assertThat(room.grants(TestRoom.RESERVATION))
                .isEqualTo(Map.of(tickets[0], first, tickets[2], first, tickets[1], first + 3_000));
    }

    @Test
    void tellsThemAllWhereTheyTakeManyCalls() {
        long[] tickets = room.tickets(PAGE_TICKETS * 40);
        var expected = new TreeMap<Long, Long>();
        for (int i = 0; i < tickets.length; i += PAGE_TICKETS / 2) {
            admit(tickets[i]);
            expected.put(tickets[i], room.clock() / 1_000);
            room.advance(Duration.ofMillis(10));
        }

        assertThat(pages().length).isGreaterThan(2 * RoomScripts.SLICE_PAGES);
        assertThat(room.grants(TestRoom.RESERVATION)).isEqualTo(expected);
    }

    @Test
    void theLastPageIsTheOneLastWrittenTo() {
        long[] tickets = room.tickets(PAGE_TICKETS * 3);
        for (int i : new int[] {0, PAGE_TICKETS * 2, PAGE_TICKETS, 1}) {
            room.advance(Duration.ofMillis(10));
            admit(tickets[i]);
        }

        assertThat(pages())
                .containsExactly(page(tickets[PAGE_TICKETS * 2]), page(tickets[PAGE_TICKETS]), page(tickets[0]));
    }

    @Test
    void listsAsManyPagesAsOneCallMay() {
        long[] numbers = new long[1_100];
        Arrays.setAll(numbers, i -> 1_000L + i);
        for (long number : numbers) {
            REDIS.redis().command("ZADD", "wr:{" + TestRoom.ID + "}:pages", number + "", number + "");
        }

        assertThat(pages()).isEqualTo(Arrays.copyOfRange(numbers, 1_100 - 1_024, 1_100));
    }

    @Test
    void leavesOutWhoseReservationIsOver() {
        long[] tickets = room.tickets(2);
        admit(tickets[0]);
        room.advance(Duration.ofMinutes(1));
        admit(tickets[1]);
        long later = room.clock() / 1_000;

        room.advance(Duration.ofMinutes(1));
        assertThat(room.grants(TestRoom.RESERVATION)).as("the last moment").containsKeys(tickets[0], tickets[1]);
        room.advance(Duration.ofMillis(1));
        assertThat(room.grants(TestRoom.RESERVATION)).isEqualTo(Map.of(tickets[1], later));
    }

    @Test
    void aPageThatIsGoneHoldsNobody() {
        long[] tickets = room.tickets(1);
        admit(tickets[0]);
        long[] pages = pages();
        room.flush();

        assertThat(TestRoom.done(room.scripts().grants(pages, 0)).tickets()).isEmpty();
    }

    private void admit(long... tickets) {
        assertThat(room.admit(tickets).answers()).hasOnlyElementsOfType(RoomScripts.AdmitAnswer.Granted.class);
    }

    private long[] pages() {
        return TestRoom.done(room.scripts().grantPages());
    }

    private static long page(long ticket) {
        return ticket / PAGE_TICKETS;
    }
}
