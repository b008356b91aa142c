package dev.waitingroom.queue.room;

import static dev.waitingroom.queue.room.TestGateways.get;
import static dev.waitingroom.queue.room.TestGateways.join;
import static dev.waitingroom.queue.room.TestGateways.policy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.waitingroom.queue.policy.Mode;
import dev.waitingroom.queue.policy.Policy;
import dev.waitingroom.queue.room.TicketStatus.State;
import dev.waitingroom.queue.ticket.Ticket;
import dev.waitingroom.testkit.redis.RedisExtension;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Places that move to other devices, on two gateways and a real Redis. */
class MoveIT {
    private static final Duration WAIT = Duration.ofSeconds(2);
    private static final Policy HOLD = policy(1, Mode.HOLD, 10, 10, Duration.ofSeconds(300), OptionalLong.empty());

    @RegisterExtension
    static final RedisExtension REDIS = new RedisExtension();

    private TestGateways gateways;

    @BeforeEach
    void connect() {
        gateways = new TestGateways(REDIS.url());
    }

    @AfterEach
    void close() {
        gateways.close();
    }

    private static Ticket moved(CompletionStage<MoveOutcome> move) {
        return ((MoveOutcome.Moved) get(move)).ticket();
    }

    private static void awaitMoved(Room room, Ticket ticket) {
        await().untilAsserted(() -> assertThat(room.status(ticket).state()).isEqualTo(State.MOVED));
    }

    @Test
    void lastDeviceHasThePlaceOnEveryGateway() {
        gateways.open(HOLD);
        Room one = gateways.gateway();
        Room two = gateways.gateway();
        join(one);
        Ticket laptop = join(one);
        join(one);

        Ticket phone = moved(one.move(laptop, false));

        assertThat(phone.number()).isEqualTo(laptop.number());
        assertThat(one.status(laptop).state()).isEqualTo(State.MOVED);
        awaitMoved(two, laptop);
        for (Room room : List.of(one, two)) {
            assertThat(room.status(phone).state()).isEqualTo(State.WAITING);
            assertThat(room.status(phone).position()).isEqualTo(2);
        }
    }

    @Test
    void ofTwoDevicesThatTakeThePlaceAtOnceOneHasIt() {
        gateways.open(HOLD);
        Room one = gateways.gateway();
        Room two = gateways.gateway();
        Ticket laptop = join(one);
        await().until(() -> two.status(laptop).position() == 1);

        List<CompletionStage<MoveOutcome>> moves = IntStream.range(0, 8)
                .mapToObj(i -> (i % 2 == 0 ? one : two).move(laptop, false))
                .toList();

        assertThat(moves.stream().map(TestGateways::get).filter(MoveOutcome.Moved.class::isInstance))
                .hasSize(1);
        assertThat(moves.stream().map(TestGateways::get).filter(MoveOutcome.TakenAlready.class::isInstance))
                .hasSize(7);
    }

    @Test
    void earlierDeviceTakesThePlaceBack() {
        gateways.open(HOLD);
        Room one = gateways.gateway();
        Room two = gateways.gateway();
        Ticket laptop = join(one);
        Ticket phone = moved(one.move(laptop, false));
        awaitMoved(two, laptop);

        Ticket again = moved(two.move(laptop, true));

        assertThat(two.status(again).state()).isEqualTo(State.WAITING);
        awaitMoved(one, phone);
        assertThat(get(one.move(phone, false))).isInstanceOf(MoveOutcome.TakenAlready.class);
    }

    @Test
    void earlierDeviceIsNotAdmittedAndCannotLeave() {
        gateways.open(policy(10, 100));
        Room room = gateways.gateway();
        Ticket laptop = join(room);
        Ticket phone = moved(room.move(laptop, false));

        assertThat(get(room.leave(laptop))).isInstanceOf(LeaveOutcome.Left.class);
        assertThat(get(room.admit(laptop, WAIT))).isEqualTo(new AdmitOutcome.Gone(State.MOVED));
        assertThat(get(room.admit(phone, WAIT))).isInstanceOf(AdmitOutcome.Granted.class);
    }

    @Test
    void visitorKeyFindsThePlaceOnItsLastDevice() {
        gateways.open(HOLD);
        Room room = gateways.gateway();
        Optional<VisitorKey> ada = Optional.of(new VisitorKey(VisitorKey.Kind.USER_ID, "ada"));
        Ticket laptop = ((JoinOutcome.Joined) get(room.join(ada, Optional.of("ada"), false))).ticket();
        Ticket phone = moved(room.move(laptop, false));

        JoinOutcome again = get(room.join(ada, Optional.of("ada"), false));

        assertThat(again).isInstanceOfSatisfying(JoinOutcome.Joined.class, joined -> {
            assertThat(joined.ticket()).isEqualTo(phone);
            assertThat(joined.status().position()).isEqualTo(1);
        });
    }

    @Test
    void placeThatIsOverDoesNotMove() {
        gateways.open(policy(10, 100));
        Room room = gateways.gateway();
        Ticket admitted = join(room);
        get(room.admit(admitted, WAIT));
        Ticket left = join(room);
        get(room.leave(left));

        assertThat(get(room.move(admitted, true))).isEqualTo(new MoveOutcome.Over(State.ADMITTED));
        assertThat(get(room.move(left, true))).isEqualTo(new MoveOutcome.Over(State.LEFT));
    }

    @Test
    void gatewayThatStartsLaterKnowsTheLastDevice() {
        gateways.open(HOLD);
        Room one = gateways.gateway();
        Ticket laptop = join(one);
        Ticket phone = moved(one.move(laptop, false));

        Room later = gateways.gateway();

        awaitMoved(later, laptop);
        assertThat(later.status(phone).state()).isEqualTo(State.WAITING);
    }

    @Test
    void lossOfRedisForgetsNoDeviceThatAGatewayKnows() throws Exception {
        gateways.open(HOLD);
        Room one = gateways.gateway();
        Room two = gateways.gateway();
        Ticket laptop = join(one);
        Ticket phone = moved(one.move(laptop, false));
        awaitMoved(two, laptop);

        REDIS.redis().flush();
        gateways.putBack(HOLD);

        await().untilAsserted(
                        () -> assertThat(moved(two.move(phone, false)).device()).isGreaterThan(phone.device()));
        awaitMoved(one, phone);
        assertThat(one.status(laptop).state()).isEqualTo(State.MOVED);
        assertThat(get(two.move(laptop, false))).isInstanceOf(MoveOutcome.TakenAlready.class);
    }
}
