package dev.waitingroom.queue.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waitingroom.queue.eta.Eta;
import dev.waitingroom.queue.line.Bits;
import dev.waitingroom.queue.line.LineSnapshot;
import dev.waitingroom.queue.policy.Mode;
import dev.waitingroom.queue.policy.Policy;
import dev.waitingroom.queue.policy.TokenBucket;
import dev.waitingroom.queue.room.TestHeaders.Lost;
import dev.waitingroom.queue.room.TicketOutcomes.Outcome;
import dev.waitingroom.queue.room.TicketStatus.State;
import dev.waitingroom.queue.room.TicketStatusCalculator.Look;
import dev.waitingroom.queue.ticket.Ticket;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What visitors of a line of a thousand are told: the first ten are called, 10 a second are admitted. */
class TicketStatusCalculatorTest {
    private static final long NOW = 1_795_521_600_000_000L;
    private static final long FIRST = 1L << 50;
    private static final int WAITING = 1_000;
    private static final int CALLED = 10;
    private static final long INCARNATION = 7;
    private static final Duration TTL = Duration.ofSeconds(300);

    private final TicketOutcomes outcomes = new TicketOutcomes();
    private Mode mode = Mode.QUEUE;
    private Duration ttl = TTL;
    private Bits alive = Bits.EMPTY.edit().addAll(FIRST, FIRST + WAITING).build();
    private Bits present = alive;
    private Lost lost = Lost.NOTHING;
    private double comingShare = 1;
    private int called = CALLED;
    private int due = CALLED;
    private boolean mayEnter = true;

    private RoomSnapshot view() {
        Policy policy = new Policy(
                "evt",
                INCARNATION,
                1,
                mode,
                10,
                Duration.ofSeconds(1),
                10,
                ttl,
                Duration.ofSeconds(900),
                OptionalLong.empty(),
                Duration.ofSeconds(120),
                "");
        TokenBucket.Limit limit = TokenBucket.Limit.of(policy);
        TokenBucket empty = TokenBucket.empty(limit, NOW);
        long next = FIRST + WAITING;
        return new RoomSnapshot(
                new LineSnapshot(1, 1, next, List.of(), FIRST + called, alive, List.of()),
                TestHeaders.of(1, 1, next, FIRST + called, List.of(), lost, comingShare, due, empty),
                policy,
                limit,
                empty,
                present,
                0,
                0,
                NOW - 200_000);
    }

    private Look look(long number) {
        return look(
                new Ticket("evt", INCARNATION, number, Instant.ofEpochMilli(NOW / 1_000 - 4_000), Optional.empty()));
    }

    private Look look(Ticket ticket) {
        return TicketStatusCalculator.look(view(), outcomes, ticket, _ -> mayEnter, NOW, new Random(1));
    }

    private TicketStatus waits(long number) {
        return ((Look.Waits) look(number)).status();
    }

    private State over(long number) {
        return ((Look.Over) look(number)).status().state();
    }

    private void departs(long number) {
        alive = alive.edit().remove(number).build();
    }

    @Test
    void whoWaitsIsToldTheirPlace() {
        TicketStatus status = waits(FIRST + 500);

        assertThat(status.state()).isEqualTo(State.WAITING);
        assertThat(status.position()).isEqualTo(501);
        assertThat(status.waited()).isEqualTo(Duration.ofSeconds(4));
        assertThat(status.ready()).isFalse();
        assertThat(status.eta().orElseThrow().expected()).isEqualTo(Duration.ofSeconds(51));
        assertThat(status.asOf()).isEqualTo(Instant.ofEpochMilli(NOW / 1_000 - 200));
    }

    @Test
    void whoIsCalledIsReady() {
        assertThat(waits(FIRST + CALLED - 1).ready()).isTrue();
        assertThat(waits(FIRST + CALLED).ready()).isFalse();
    }

    @Test
    void whoIsCalledIsNotReadyWhileNoTokenIsSetAsideForThem() {
        mayEnter = false;

        TicketStatus status = waits(FIRST);

        assertThat(status.ready()).isFalse();
        assertThat(status.pollAfter()).isBetween(Duration.ofMillis(800), Duration.ofMillis(1_200));
    }

    @Test
    void whoJoinedThroughAnotherGatewaySinceIsBehindEveryone() {
        TicketStatus status = waits(FIRST + WAITING + 5);

        assertThat(status.position()).isEqualTo(WAITING + 6);
        assertThat(status.ready()).isFalse();
    }

    @Test
    void whoWasCalledAndIsDueIsInTheEstimateHoweverManyTheyAre() {
        called = 400;
        due = 400;
        assertThat(waits(FIRST + 500).eta().orElseThrow().expected()).isEqualTo(Duration.ofSeconds(51));

        due = 12; // the others have yet to come, if they do
        assertThat(waits(FIRST + 500).eta().orElseThrow().expected()).isEqualTo(Duration.ofSeconds(12));
    }

    @Test
    void whoMayEnterHasNothingLeftToWait() {
        called = 400;
        due = 400;

        assertThat(waits(FIRST + 300).ready()).isTrue();
        assertThat(waits(FIRST + 300).eta()).hasValue(Eta.NOW);

        mayEnter = false;
        assertThat(waits(FIRST + 300).eta().orElseThrow().expected()).isGreaterThan(Duration.ofSeconds(20));
    }

    @Test
    void absentOnesAreInThePositionAndNotInTheEstimate() {
        Bits.Editor edit = alive.edit();
        for (long ticket = FIRST; ticket < FIRST + WAITING; ticket += 2) {
            edit.remove(ticket);
        }
        present = edit.build();

        TicketStatus status = waits(FIRST + 501);

        assertThat(status.position()).isEqualTo(502);
        assertThat(status.eta().orElseThrow().expected()).isEqualTo(Duration.ofSeconds(26));
    }

    @Test
    void thoseWhoWillNotComeAreExpectedFromTheShareBeforeTheyAreKnown() {
        comingShare = 0.1;

        assertThat(waits(FIRST + 510).eta().orElseThrow().expected()).isEqualTo(Duration.ofSeconds(7));
    }

    @Test
    void holdKeepsPlacesAndKnowsNoTime() {
        mode = Mode.HOLD;

        TicketStatus status = waits(FIRST);

        assertThat(status.position()).isEqualTo(1);
        assertThat(status.onHold()).isTrue();
        assertThat(status.ready()).isFalse();
        assertThat(status.eta()).isEmpty();
        assertThat(TicketStatusCalculator.waitOfNext(view(), NOW)).isEmpty();
    }

    @Test
    void lineThatIsBeingPutBackKnowsNoTime() {
        lost = new Lost(0, 0, NOW + 1);

        TicketStatus status = waits(FIRST);

        assertThat(status.ready()).isFalse();
        assertThat(status.eta()).isEmpty();
        assertThat(status.onHold()).isFalse();
    }

    @Test
    void passLetsEveryoneIn() {
        mode = Mode.PASS;

        TicketStatus status = waits(FIRST + WAITING - 1);

        assertThat(status.ready()).isTrue();
        assertThat(status.eta().orElseThrow().latest()).isEqualTo(Duration.ZERO);
    }

    @Test
    void ticketOfAnEarlierRoomOfTheNameIsClosed() {
        Ticket earlier = new Ticket("evt", INCARNATION - 1, FIRST, Instant.ofEpochMilli(0), Optional.empty());

        assertThat(look(earlier))
                .isInstanceOfSatisfying(
                        Look.Over.class,
                        over -> assertThat(over.status().state()).isEqualTo(State.CLOSED));
    }

    @Test
    void whoDepartedIsToldHow() {
        for (int i = 0; i < 4; i++) {
            departs(FIRST + i);
        }
        outcomes.learn(FIRST, new Outcome.Granted(NOW / 1_000 - 120_000));
        outcomes.learn(FIRST + 1, new Outcome.Granted(NOW / 1_000 - 120_001));
        outcomes.learn(FIRST + 2, new Outcome.Left());
        outcomes.learn(FIRST + 3, new Outcome.Gone());

        assertThat(over(FIRST)).isEqualTo(State.ADMITTED);
        assertThat(over(FIRST + 1)).as("its reservation is over").isEqualTo(State.EXPIRED);
        assertThat(over(FIRST + 2)).isEqualTo(State.LEFT);
        assertThat(over(FIRST + 3)).isEqualTo(State.EXPIRED);
    }

    @Test
    void whoIsAsleepIsStillReady() {
        departs(FIRST);
        outcomes.learn(FIRST, new Outcome.Asleep());

        assertThat(waits(FIRST).ready()).isTrue();
        assertThat(waits(FIRST + 5).position())
                .as("nobody waits for the sleeper")
                .isEqualTo(5);
    }

    @Test
    void ofWhomNothingIsKnownRedisIsAskedWhereItMayStillWait() {
        departs(FIRST);
        departs(FIRST + 700);

        assertThat(look(FIRST))
                .as("asleep, or admitted unseen")
                .isInstanceOfSatisfying(
                        Look.Waits.class, waits -> assertThat(waits.lookup()).isTrue());
        assertThat(over(FIRST + 700)).isEqualTo(State.EXPIRED);

        lost = new Lost(FIRST + 600, FIRST + 900, 0);
        assertThat(look(FIRST + 700))
                .as("Redis lost it")
                .isInstanceOfSatisfying(
                        Look.Waits.class, waits -> assertThat(waits.lookup()).isTrue());
    }

    @ParameterizedTest
    @CsvSource({"0, 300, 1000", "100, 300, 1100", "999, 300, 10000", "999, 30, 5000", "999, 5, 833", "0, 5, 833"})
    void pollsComeLaterFurtherBackAndWellWithinTheTtl(int ahead, int ttlSeconds, int millis) {
        ttl = Duration.ofSeconds(ttlSeconds);

        long pollAfter = waits(FIRST + ahead).pollAfter().toMillis();

        assertThat(pollAfter).isBetween((long) (millis * 0.79), (long) (millis * 1.21));
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void whoIsOverHasNoPlaceToAskFor(Mode any) {
        mode = any;
        departs(FIRST);
        outcomes.learn(FIRST, new Outcome.Left());

        TicketStatus status = ((Look.Over) look(FIRST)).status();

        assertThat(status.position()).isZero();
        assertThat(status.ready()).isFalse();
        assertThat(status.eta()).isEmpty();
        assertThat(status.pollAfter()).isEqualTo(Duration.ZERO);
    }
}
