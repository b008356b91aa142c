package dev.waitingroom.queue.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waitingroom.queue.policy.Mode;
import dev.waitingroom.queue.policy.Policy;
import dev.waitingroom.queue.redis.TestRoom;
import dev.waitingroom.queue.ticket.Ticket;
import dev.waitingroom.testkit.redis.RedisProcess;
import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** A visitor who was called, was silent for longer than the ttl, and comes back. In virtual time, on the real scripts. */
class ReturnAfterSilenceIT {
    private static final RedisProcess REDIS = RedisProcess.start();
    private static final TestRoom ROOM = TestRoom.on(REDIS);
    private static final Policy POLICY = new Policy(
            "evt",
            1,
            1,
            Mode.QUEUE,
            1,
            Duration.ofSeconds(1),
            10,
            Duration.ofSeconds(5),
            Duration.ofSeconds(20),
            OptionalLong.empty(),
            Duration.ofSeconds(120),
            "");

    @AfterAll
    static void stop() {
        ROOM.close();
        REDIS.close();
    }

    @Test
    void theEndOfTheirTurnIsToldByTheGatewayThatKnewThemToo() {
        var room = new SimulatedRoom(ROOM, POLICY, 2, 1);
        Ticket ticket = room.ticket(0);
        room.time().run(Duration.ofSeconds(10));
        assertThat(room.status(0, ticket).state()).isEqualTo(TicketStatus.State.WAITING);

        room.time().run(Duration.ofSeconds(30));

        assertThat(room.status(1, ticket).state()).isEqualTo(TicketStatus.State.EXPIRED);
        assertThat(room.status(0, ticket).state()).isEqualTo(TicketStatus.State.EXPIRED);
    }
}
