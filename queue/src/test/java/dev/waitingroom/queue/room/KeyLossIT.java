package dev.waitingroom.queue.room;

import static dev.waitingroom.queue.room.TestGateways.get;
import static dev.waitingroom.queue.room.TestGateways.joined;
import static dev.waitingroom.queue.room.TestGateways.policy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.waitingroom.queue.policy.Mode;
import dev.waitingroom.queue.policy.Policy;
import dev.waitingroom.queue.room.TicketStatus.State;
import dev.waitingroom.queue.store.RedisUnavailableException;
import dev.waitingroom.queue.ticket.Ticket;
import dev.waitingroom.testkit.redis.RedisExtension;
import dev.waitingroom.testkit.redis.RedisProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Some of a room's keys are gone while the others are there: evicted, or deleted by hand. */
class KeyLossIT {
    private static final Duration WAIT = Duration.ofSeconds(2);
    private static final Duration POLL = Duration.ofMillis(5);
    private static final int VISITORS = 100;
    private static final int ADMITTED = 20;

    @RegisterExtension
    static final RedisExtension REDIS = new RedisExtension();

    private TestGateways gatewayId;
    private Room one;
    private Room two;

    @BeforeEach
    void connect() {
        gatewayId = new TestGateways(REDIS.url());
        gatewayId.open(policy(1, ADMITTED));
        one = gatewayId.gateway();
        two = gatewayId.gateway();
    }

    @AfterEach
    void close() {
        gatewayId.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"state", "alive:", "asleep:", "granted:", "pages", "seen:", "turns"})
    void aKeyThatIsGoneIsFoundAndCostsNobodyTheirPlace(String key) {
        Sale sale = new Sale();

        delete(key);

        await().untilAsserted(() -> {
            assertThat(one.figures().losses()).isPositive();
            assertThat(two.figures().losses()).isPositive();
        });
        sale.isAsBefore();
    }

    @ParameterizedTest
    @ValueSource(strings = {"changes", "gateways", "came:", "batch:"})
    void aKeyThatIsMadeAnewCostsNobodyTheirPlace(String key) {
        Sale sale = new Sale();

        delete(key);

        sale.isAsBefore();
        assertThat(one.figures().losses()).isZero();
    }

    @Test
    void whoIsKnownToBeGoneStaysSoThoughThatIsLostWhileALossIsMended() {
        Sale sale = new Sale();
        get(one.leave(sale.waiting.removeLast()));
        delete("alive:");
        sale.isAsBefore();
        long before = one.figures().losses();

        delete("departed:");

        await().until(() -> one.figures().losses() > before);
        sale.isAsBefore();
    }

    @Test
    void anAdmitRightAfterTheLossIsGranted() {
        Sale sale = new Sale();
        Ticket next = sale.waiting.getFirst();
        await().until(() -> one.status(next).ready());

        delete("alive:");

        assertThat(sale.admit(one, next)).isInstanceOf(AdmitOutcome.Granted.class);
    }

    @Test
    void anAdmitThatIsSentAgainRightAfterTheLossOfItsPageIsAnsweredAsBefore() {
        Sale sale = new Sale();

        delete("granted:");

        sale.granted.forEach(
                (ticket, before) -> assertThat(sale.admit(two, ticket)).isEqualTo(before));
    }

    @Test
    void theSameVisitorKeepsTheirPlaceRightAfterTheLoss() {
        Sale sale = new Sale();

        delete("alive:");

        assertThat(sale.waiting)
                .allSatisfy(ticket -> assertThat(sale.joinAgain(one, ticket)).isEqualTo(ticket));
    }

    @Test
    void nobodyLosesTheirPlaceWhereRedisEvicts() throws Exception {
        try (RedisProcess small = RedisProcess.start("maxmemory 20mb", "maxmemory-policy allkeys-lru");
                TestGateways crowded = new TestGateways(small.url())) {
            Policy hold = policy(1, Mode.HOLD, 1_000, 1_000, Duration.ofSeconds(300), OptionalLong.empty());
            crowded.open(hold);
            Room room = crowded.gateway();
            Room other = crowded.gateway();
            List<CompletionStage<JoinOutcome>> joins = IntStream.range(0, 2_000)
                    .mapToObj(i -> (i % 2 == 0 ? room : other).join(Optional.empty(), Optional.empty(), false))
                    .toList();
            List<Ticket> tickets = joins.stream()
                    .map(stage -> joined(get(stage)).ticket())
                    .sorted((a, b) -> Long.compare(a.number(), b.number()))
                    .toList();

            for (int round = 0; round < 20; round++) {
                fill(small, round);
                putBack(crowded, hold);
                for (Ticket ticket : tickets) {
                    assertThat(room.status(ticket).state()).isEqualTo(State.WAITING);
                }
            }
            assertThat(Long.parseLong(small.info("evicted_keys"))).isPositive();
            Policy queue = policy(2, Mode.QUEUE, 1_000, 1_000, Duration.ofSeconds(300), OptionalLong.empty());
            putBack(crowded, queue);

            for (int i = 0; i < 300; i++) {
                Ticket ticket = tickets.get(i);
                Room through = i % 2 == 0 ? room : other;
                if (i % 30 == 0) {
                    fill(small, i);
                    putBack(crowded, queue);
                }
                await().pollInterval(POLL).until(() -> through.status(ticket).ready());
                assertThat(admitted(through, ticket)).isInstanceOf(AdmitOutcome.Granted.class);
            }
        }
    }

    private static void fill(RedisProcess redis, int round) {
        redis.command("EVAL", """
                local junk = string.rep('x', 10000)
                for i = 1, 1000 do
                  redis.call('SET', 'junk:' .. ARGV[1] .. ':' .. i, junk)
                end
                """, "0", Integer.toString(round));
    }

    private static void putBack(TestGateways gatewayId, Policy policy) {
        await().ignoreExceptionsInstanceOf(RedisUnavailableException.class).until(() -> {
            gatewayId.putBack(policy);
            return true;
        });
    }

    /** All of that kind. */
    private static void delete(String key) {
        Object deleted = REDIS.redis().command("EVAL", """
                local keys = redis.call('KEYS', ARGV[1])
                for _, key in ipairs(keys) do
                  redis.call('DEL', key)
                end
                return #keys
                """, "0", "wr:{" + TestGateways.ROOM + "}:" + key + "*");
        assertThat((Long) deleted).as("keys of the kind " + key).isPositive();
    }

    private static CompletionStage<JoinOutcome> join(Room room, String name) {
        return room.join(Optional.of(new VisitorKey(VisitorKey.Kind.USER_ID, name)), Optional.of(name), false);
    }

    private static AdmitOutcome admitted(Room room, Ticket ticket) {
        return await().pollInterval(POLL)
                .until(
                        () -> get(room.admit(ticket, WAIT)),
                        outcome -> outcome instanceof AdmitOutcome.Granted || outcome instanceof AdmitOutcome.Gone);
    }

    /** Twenty were admitted, eighty wait. */
    private final class Sale {
        private final Map<Ticket, AdmitOutcome> granted = new HashMap<>();
        private final List<Ticket> waiting = new ArrayList<>();

        private Sale() {
            for (int i = 0; i < VISITORS; i++) {
                waiting.add(joined(get(join(i % 2 == 0 ? one : two, "u-" + i))).ticket());
            }
            await().until(() -> one.status(waiting.get(ADMITTED - 1)).position() == ADMITTED);
            for (Ticket ticket : List.copyOf(waiting.subList(0, ADMITTED))) {
                await().pollInterval(POLL).until(() -> one.status(ticket).ready());
                granted.put(ticket, get(two.admit(ticket, WAIT)));
            }
            assertThat(granted.values()).hasOnlyElementsOfType(AdmitOutcome.Granted.class);
            waiting.removeAll(granted.keySet());
            await().untilAsserted(() -> {
                assertThat(one.status(waiting.getLast()).position()).isEqualTo(waiting.size());
                assertThat(two.status(waiting.getLast()).position()).isEqualTo(waiting.size());
            });
        }

        /** Where the line is just being put back, again. */
        private Ticket joinAgain(Room room, Ticket ticket) {
            String name = ticket.subject().orElseThrow();
            return joined(await().pollInterval(POLL)
                            .until(() -> get(join(room, name)), JoinOutcome.Joined.class::isInstance))
                    .ticket();
        }

        private AdmitOutcome admit(Room room, Ticket ticket) {
            return admitted(room, ticket);
        }

        private void isAsBefore() {
            await().untilAsserted(() -> {
                for (Room room : List.of(one, two)) {
                    assertThat(room.figures().waiting()).isEqualTo(waiting.size());
                    for (int i = 0; i < waiting.size(); i++) {
                        TicketStatus status = room.status(waiting.get(i));
                        assertThat(status.state()).isEqualTo(State.WAITING);
                        assertThat(status.position()).isEqualTo(i + 1);
                    }
                }
            });
            granted.forEach((ticket, before) -> {
                assertThat(one.status(ticket).state()).isEqualTo(State.ADMITTED);
                assertThat(admit(one, ticket)).isEqualTo(before);
            });
            assertThat(joinAgain(two, waiting.getFirst())).as("their own place").isEqualTo(waiting.getFirst());
            Ticket next = waiting.removeFirst();
            await().until(() -> one.status(next).ready());
            assertThat(admit(one, next)).isInstanceOf(AdmitOutcome.Granted.class);
        }
    }
}
