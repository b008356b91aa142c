package dev.waitingroom.queue.room;

import static dev.waitingroom.queue.room.TestGateways.get;
import static dev.waitingroom.queue.room.TestGateways.join;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.waitingroom.queue.policy.Policy;
import dev.waitingroom.queue.policy.SessionCap;
import dev.waitingroom.queue.ticket.Ticket;
import dev.waitingroom.testkit.redis.RedisExtension;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A room that limits active sessions to two, served by two gateway processes. */
class SessionCapRoomIT {
    private static final Duration WAIT = Duration.ofSeconds(2);
    private static final Policy CAPPED =
            TestGateways.policy(100, 100).withCap(Optional.of(new SessionCap(2, Duration.ofMinutes(30))));

    @RegisterExtension
    static final RedisExtension REDIS = new RedisExtension();

    private final List<Ticket> inside = new ArrayList<>();
    private TestGateways gateways;
    private Room one;
    private Room two;

    @BeforeEach
    void connect() {
        gateways = new TestGateways(REDIS.url());
        gateways.open(CAPPED);
        one = gateways.gateway();
        two = gateways.gateway();
    }

    @AfterEach
    void close() {
        gateways.close();
    }

    @Test
    void gatewaysShareTheLimit() {
        fill();

        Ticket third = join(one);

        assertThat(two.join(Optional.empty(), Optional.empty(), true))
                .succeedsWithin(WAIT)
                .isInstanceOf(JoinOutcome.Joined.class);
        await().untilAsserted(() -> assertThat(one.figures().active()).isEqualTo(2));
        TicketStatus status = one.status(third);
        assertThat(status.ready()).isFalse();
        assertThat(status.eta()).as("nobody can tell when sessions end").isEmpty();
        assertThat(get(one.admit(third, WAIT))).isInstanceOf(AdmitOutcome.NotYet.class);
    }

    @Test
    void theNextVisitorEntersWhenASessionEndsElsewhere() {
        fill();
        Ticket third = join(one);

        assertThat(get(two.sessions().end(inside.getFirst().number()))).isEqualTo(new SessionOutcome.Over());

        await().until(() -> one.status(third).ready());
        assertThat(get(one.admit(third, WAIT))).isInstanceOf(AdmitOutcome.Granted.class);
    }

    @Test
    void everyGatewayHearsThatASessionEnded() {
        fill();
        Ticket first = inside.getFirst();

        get(two.sessions().end(first.number()));

        assertThat(two.sessions().ended(first.number())).isTrue();
        await().until(() -> one.sessions().ended(first.number()));
        assertThat(one.status(first).state()).isEqualTo(TicketStatus.State.EXPIRED);
        assertThat(get(one.admit(first, WAIT))).isInstanceOf(AdmitOutcome.Gone.class);
    }

    @Test
    void aSessionIsRenewedByTheTimeOfRedis() {
        fill();
        long first = inside.getFirst().number();

        SessionOutcome.Active renewed =
                (SessionOutcome.Active) get(two.sessions().renew(first, Instant.now()));

        assertThat(renewed.until())
                .isBetween(Instant.now().plusSeconds(1_700), Instant.now().plusSeconds(1_801));
        assertThat(get(one.sessions().renew(1_000, Instant.now())))
                .as("a session that never was")
                .isEqualTo(new SessionOutcome.Over());
    }

    @Test
    void sessionsGoOnUncountedOnceTheLimitWasRemoved() throws Exception {
        gateways.putBack(CAPPED.withCap(Optional.empty()));

        assertThat(get(one.sessions().renew(1_000, Instant.now()))).isEqualTo(new SessionOutcome.Uncounted());

        assertThat(one.sessions().ended(1_000)).isFalse();
    }

    @Test
    void theLimitHoldsAfterRedisLostEverything() throws Exception {
        fill();
        Ticket third = join(one);

        REDIS.redis().flush();
        gateways.putBack(CAPPED);

        await().untilAsserted(() -> {
            assertThat(one.figures().active()).isEqualTo(2);
            assertThat(get(one.admit(third, WAIT))).isInstanceOf(AdmitOutcome.NotYet.class);
        });
        get(one.sessions().end(inside.getFirst().number()));
        await().untilAsserted(() -> {
            one.status(third);
            assertThat(get(one.admit(third, WAIT))).isInstanceOf(AdmitOutcome.Granted.class);
        });
    }

    @Test
    void aNewGatewayPutsBackWhatItReadAtItsStart() throws Exception {
        fill();
        gateways.killGateways();
        Room fresh = gateways.gateway();
        Ticket third = join(fresh);

        REDIS.redis().flush();
        gateways.putBack(CAPPED);

        await().untilAsserted(() -> assertThat(fresh.figures().active()).isEqualTo(2));
        await().untilAsserted(() -> assertThat(get(fresh.admit(third, WAIT))).isInstanceOf(AdmitOutcome.NotYet.class));
    }

    /** Two visitors enter. */
    private void fill() {
        for (Room room : List.of(one, two)) {
            JoinOutcome outcome = get(room.join(Optional.empty(), Optional.empty(), true));
            assertThat(outcome).isInstanceOf(JoinOutcome.Admitted.class);
            inside.add(((JoinOutcome.Admitted) outcome).ticket());
        }
    }
}
