package dev.waitingroom.queue.room;

import static dev.waitingroom.queue.room.TestGateways.get;
import static dev.waitingroom.queue.room.TestGateways.join;
import static dev.waitingroom.queue.room.TestGateways.joined;
import static dev.waitingroom.queue.room.TestGateways.policy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.waitingroom.queue.policy.Mode;
import dev.waitingroom.queue.policy.Policy;
import dev.waitingroom.queue.room.TicketStatus.State;
import dev.waitingroom.queue.ticket.Ticket;
import dev.waitingroom.testkit.redis.RedisExtension;
import dev.waitingroom.testkit.redis.RedisProcess;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LiveRoomIT {
    private static final Duration WAIT = Duration.ofSeconds(2);

    @RegisterExtension
    static final RedisExtension REDIS = new RedisExtension();

    private TestGateways gatewayId;

    @BeforeEach
    void connect() {
        gatewayId = new TestGateways(REDIS.url());
    }

    @AfterEach
    void close() {
        gatewayId.close();
    }

    @Test
    void aVisitorJoinsWaitsAndIsAdmittedOnce() {
        gatewayId.open(policy(10, 1));
        Room room = gatewayId.gateway();

        Ticket first = join(room);
        await().until(() -> room.status(first).ready());
        AdmitOutcome granted = get(room.admit(first, WAIT));
        AdmitOutcome again = get(room.admit(first, WAIT));

        assertThat(granted).isInstanceOf(AdmitOutcome.Granted.class).isEqualTo(again);
        assertThat(room.status(first).state()).isEqualTo(State.ADMITTED);
    }

    @Test
    void joinAndAdmitOnAnEmptyRoomAreGrantedAtOnce() {
        gatewayId.open(policy(10, 100));
        Room room = gatewayId.gateway();

        for (int i = 0; i < 50; i++) {
            Ticket ticket = join(room);
            assertThat(get(room.admit(ticket, WAIT))).isInstanceOf(AdmitOutcome.Granted.class);
        }
    }

    @Test
    void joinThatIsAdmittedIsKnownToEveryGatewayAlsoAfterALoss() throws Exception {
        Policy policy = policy(1, 5);
        gatewayId.open(policy);
        Room one = gatewayId.gateway();
        Room two = gatewayId.gateway();

        JoinOutcome.Admitted in = (JoinOutcome.Admitted) get(one.join(Optional.empty(), Optional.of("ada"), true));
        Ticket behind = join(two);

        assertThat(in.ticket().subject()).contains("ada");
        assertThat(one.status(in.ticket()).state()).isEqualTo(State.ADMITTED);
        await().untilAsserted(() -> assertThat(two.status(in.ticket()).state()).isEqualTo(State.ADMITTED));
        assertThat(two.status(behind).position()).isEqualTo(1);
        assertThat(get(two.admit(in.ticket(), WAIT))).isEqualTo(in.grant());

        REDIS.redis().flush();
        gatewayId.putBack(policy);

        await().untilAsserted(
                        () -> assertThat(get(two.admit(in.ticket(), WAIT))).isEqualTo(in.grant()));
        assertThat(one.status(in.ticket()).state()).isEqualTo(State.ADMITTED);
        assertThat(one.status(behind).state()).isEqualTo(State.WAITING);
    }

    @Test
    void ofJoinsThatAskThoseWithATokenAreAdmittedAndTheOthersWait() {
        gatewayId.open(slow(1));
        Room one = gatewayId.gateway();
        Room two = gatewayId.gateway();

        List<JoinOutcome> outcomes = IntStream.range(0, 60)
                .mapToObj(i -> (i % 2 == 0 ? one : two).join(Optional.empty(), Optional.empty(), true))
                .toList()
                .stream()
                .map(TestGateways::get)
                .toList();

        assertThat(outcomes.stream().filter(JoinOutcome.Admitted.class::isInstance))
                .hasSize(1);
        assertThat(outcomes.stream().filter(JoinOutcome.Joined.class::isInstance))
                .hasSize(59);
        await().untilAsserted(() -> assertThat(one.figures().waiting()).isEqualTo(59));
    }

    @Test
    void aJoinTellsTheWaitOfItsPosition() {
        gatewayId.open(policy(1, 50));
        Room room = gatewayId.gateway();

        List<CompletionStage<JoinOutcome>> joins = IntStream.range(0, 130)
                .mapToObj(_ -> room.join(Optional.empty(), Optional.empty(), false))
                .toList();

        for (CompletionStage<JoinOutcome> join : joins) {
            TicketStatus status = joined(get(join)).status();
            assertThat(status.eta().orElseThrow().expected().toSeconds())
                    .as("at position %d", status.position())
                    .isBetween(status.position() - 55, Math.max(0, status.position() - 50));
        }
    }

    @Test
    void aRefusedAdmitSaysWhenTheNextTokenComes() throws Exception {
        gatewayId.open(policy(1, Mode.QUEUE, 1, 1, Duration.ofSeconds(300), OptionalLong.empty()));
        Room room = gatewayId.gateway();
        Ticket first = join(room);
        Ticket second = join(room);
        await().until(() -> room.status(second).ready());
        get(room.admit(first, WAIT));
        gatewayId.putBack(slow(2));
        await().until(() -> room.policy().orElseThrow().generation() == 2);

        assertThat(get(room.admit(second, Duration.ZERO)))
                .isInstanceOfSatisfying(
                        AdmitOutcome.BucketEmpty.class,
                        empty -> assertThat(empty.retryAfter())
                                .isBetween(Duration.ofSeconds(5), Duration.ofSeconds(20)));
    }

    /** One admission in twenty seconds. */
    private static Policy slow(long generation) {
        Policy fast = policy(generation, Mode.QUEUE, 1, 1, Duration.ofSeconds(300), OptionalLong.empty());
        return new Policy(
                fast.eventId(),
                fast.incarnation(),
                generation,
                fast.mode(),
                1,
                Duration.ofSeconds(20),
                1,
                fast.ttl(),
                fast.turnTtl(),
                fast.maxLength(),
                fast.reservationTtl(),
                fast.message());
    }

    @Test
    void aGatewayThatWasNotThereAsksWhatBecameOfATicketBeforeItAnswers() {
        gatewayId.open(policy(10, 1));
        Room room = gatewayId.gateway();
        Ticket first = join(room);
        Ticket second = join(room);
        await().until(() -> room.status(first).ready());
        get(room.leave(first));
        Room late = gatewayId.gateway();
        await().until(() -> late.status(second).position() == 1);

        get(late.unsettled(first).orElseThrow());

        assertThat(late.status(first).state()).isEqualTo(State.EXPIRED);
        assertThat(late.unsettled(first)).isEmpty();
        assertThat(late.unsettled(second)).as("memory knows it").isEmpty();
    }

    @Test
    void aGatewayThatWasNotThereKnowsWhoWasAdmitted() {
        gatewayId.open(policy(10, 1));
        Room room = gatewayId.gateway();
        Ticket ticket = join(room);
        await().until(() -> room.status(ticket).ready());
        get(room.admit(ticket, WAIT));

        Room late = gatewayId.gateway();

        assertThat(late.unsettled(ticket)).as("memory knows it").isEmpty();
        assertThat(late.status(ticket).state()).isEqualTo(State.ADMITTED);
    }

    @Test
    void positionIsTheLivingAheadThroughEveryGateway() {
        gatewayId.open(policy(1, 1));
        Room one = gatewayId.gateway();
        Room two = gatewayId.gateway();

        List<Ticket> tickets = IntStream.range(0, 100)
                .mapToObj(i -> join(i % 2 == 0 ? one : two))
                .toList();
        Ticket last = tickets.getLast();
        await().untilAsserted(() -> {
            assertThat(one.status(last).position()).isEqualTo(100);
            assertThat(two.status(last).position()).isEqualTo(100);
        });
        tickets.subList(10, 30).forEach(ticket -> get(one.leave(ticket)));

        assertThat(one.status(last).position()).isEqualTo(80);
        assertThat(one.status(tickets.get(15)).state()).isEqualTo(State.LEFT);
        await().untilAsserted(() -> {
            assertThat(two.status(last).position()).isEqualTo(80);
            assertThat(two.status(tickets.get(15)).state()).isEqualTo(State.LEFT);
        });
    }

    @Test
    void anAdmitBeforeItsTurnIsToldSo() {
        gatewayId.open(policy(1, 1));
        Room room = gatewayId.gateway();
        IntStream.range(0, 50).forEach(i -> join(room));
        Ticket far = join(room);

        assertThat(get(room.admit(far, WAIT)))
                .isInstanceOfSatisfying(
                        AdmitOutcome.NotYet.class,
                        notYet -> assertThat(notYet.status().position()).isGreaterThan(1));
    }

    @Test
    void oneTicketDoesNotFillTheGateway() {
        gatewayId.open(policy(1, 1));
        Room room = gatewayId.gateway();
        Ticket first = join(room);
        Ticket second = join(room);
        get(room.admit(first, WAIT));

        List<CompletableFuture<AdmitOutcome>> admits = IntStream.range(0, 100)
                .mapToObj(i -> room.admit(second, WAIT).toCompletableFuture())
                .toList();

        assertThat(admits.stream().map(TestGateways::get).filter(AdmitOutcome.Unavailable.class::isInstance))
                .hasSizeGreaterThan(50)
                .allSatisfy(outcome -> assertThat(
                                ((AdmitOutcome.Unavailable) outcome).why().cause())
                        .isEqualTo(Unavailability.Cause.OVERLOADED));
    }

    @Test
    void theSameVisitorHoldsOnePlaceSideBySideToo() {
        gatewayId.open(policy(1, 1));
        Room one = gatewayId.gateway();
        Room two = gatewayId.gateway();
        Optional<VisitorKey> key = Optional.of(new VisitorKey(VisitorKey.Kind.USER_ID, "u-1"));

        List<CompletionStage<JoinOutcome>> joins = new ArrayList<>();
        for (int i = 0; i < 120; i++) {
            joins.add((i % 2 == 0 ? one : two).join(key, Optional.of("u-1"), false));
        }
        Set<Ticket> tickets =
                joins.stream().map(stage -> joined(get(stage)).ticket()).collect(Collectors.toSet());

        assertThat(tickets).hasSize(1);
        await().untilAsserted(() -> assertThat(one.figures().waiting()).isEqualTo(1));
    }

    @Test
    void whoComesBackFromSleepIsCountedInNobodysPosition() {
        gatewayId.open(policy(1, Mode.QUEUE, 1, 2, Duration.ofSeconds(5), OptionalLong.empty()));
        Room room = gatewayId.gateway();
        Optional<VisitorKey> key = Optional.of(new VisitorKey(VisitorKey.Kind.USER_ID, "u-1"));
        Ticket silent = joined(get(room.join(key, Optional.of("u-1"), false))).ticket();
        Ticket behind = join(room);
        await().until(() -> room.status(behind).ready());
        assertThat(room.status(behind).position()).isEqualTo(2);
        await().until(() -> room.status(behind).position() == 1);

        Ticket again = joined(get(room.join(key, Optional.of("u-1"), false))).ticket();

        assertThat(again).as("their own place").isEqualTo(silent);
        assertThat(room.status(behind).position()).isEqualTo(1);
        assertThat(get(room.admit(silent, WAIT))).isInstanceOf(AdmitOutcome.Granted.class);
    }

    @Test
    void holdPassAndRejectDoWhatTheySayAndNobodyLosesAPlace() throws Exception {
        gatewayId.open(policy(1, 1));
        Room room = gatewayId.gateway();
        Ticket first = join(room);
        Ticket second = join(room);

        gatewayId.putBack(policy(2, Mode.HOLD, 1, 1, Duration.ofSeconds(300), OptionalLong.empty()));
        await().until(() -> room.status(first).onHold());
        assertThat(room.status(second).position()).isEqualTo(2);
        assertThat(room.status(second).eta()).isEmpty();
        assertThat(get(room.admit(first, WAIT))).isInstanceOf(AdmitOutcome.NotYet.class);

        gatewayId.putBack(policy(3, Mode.REJECT, 1, 1, Duration.ofSeconds(300), OptionalLong.empty()));
        await().until(() -> room.policy().orElseThrow().mode() == Mode.REJECT);
        assertThat(get(room.join(Optional.empty(), Optional.empty(), false)))
                .isEqualTo(new JoinOutcome.Rejected("back at noon"));
        assertThat(room.status(second).state()).isEqualTo(State.WAITING);

        gatewayId.putBack(policy(4, Mode.PASS, 1, 1, Duration.ofSeconds(300), OptionalLong.empty()));
        await().until(() -> room.policy().orElseThrow().mode() == Mode.PASS);
        List<Ticket> passing = IntStream.range(0, 20).mapToObj(i -> join(room)).toList();
        assertThat(passing)
                .allSatisfy(
                        ticket -> assertThat(get(room.admit(ticket, WAIT))).isInstanceOf(AdmitOutcome.Granted.class));

        gatewayId.putBack(policy(5, Mode.QUEUE, 1, 1, Duration.ofSeconds(300), OptionalLong.of(2)));
        await().until(() -> room.policy().orElseThrow().mode() == Mode.QUEUE);
        assertThat(room.status(first).position()).isEqualTo(1);
        assertThat(room.status(second).position()).isEqualTo(2);
        assertThat(get(room.join(Optional.empty(), Optional.empty(), false))).isEqualTo(new JoinOutcome.Full(2));
    }

    @Test
    void everyoneIsBackAfterEverythingInRedisIsGone() throws Exception {
        Policy policy = policy(5, 20);
        gatewayId.open(policy);
        Room one = gatewayId.gateway();
        Room two = gatewayId.gateway();
        List<Ticket> tickets = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            tickets.add(join(i % 2 == 0 ? one : two));
        }
        List<Ticket> admitted = tickets.subList(0, 20);
        admitted.forEach(ticket -> {
            await().until(() -> one.status(ticket).ready());
            assertThat(get(two.admit(ticket, WAIT))).isInstanceOf(AdmitOutcome.Granted.class);
        });
        List<Ticket> waiting = tickets.subList(20, 500);
        await().untilAsserted(() -> {
            assertThat(one.status(tickets.getLast()).position()).isEqualTo(480);
            assertThat(two.status(tickets.getLast()).position()).isEqualTo(480);
        });

        REDIS.redis().flush();
        gatewayId.putBack(policy);

        await().untilAsserted(() -> {
            for (Room room : List.of(one, two)) {
                assertThat(room.figures().waiting()).isEqualTo(480);
                assertThat(room.status(waiting.getFirst()).ready()).isTrue();
                for (int i = 0; i < waiting.size(); i++) {
                    TicketStatus status = room.status(waiting.get(i));
                    assertThat(status.state()).isEqualTo(State.WAITING);
                    assertThat(status.position()).isEqualTo(i + 1);
                }
            }
        });
        AdmitOutcome before = get(one.admit(admitted.getFirst(), WAIT));
        assertThat(before)
                .isInstanceOf(AdmitOutcome.Granted.class)
                .isEqualTo(get(two.admit(admitted.getFirst(), WAIT)));
    }

    @Test
    void anAdmitIsAnsweredAsBeforeThoughEveryGatewayWasReplacedBeforeTheLoss() throws Exception {
        Policy policy = policy(5, 20);
        gatewayId.open(policy);
        Room before = gatewayId.gateway();
        List<Ticket> tickets =
                IntStream.range(0, 20).mapToObj(i -> join(before)).toList();
        List<AdmitOutcome> granted = new ArrayList<>();
        tickets.forEach(ticket -> {
            await().until(() -> before.status(ticket).ready());
            granted.add(get(before.admit(ticket, WAIT)));
        });
        assertThat(granted).hasOnlyElementsOfType(AdmitOutcome.Granted.class);
        gatewayId.killGateways();
        Room after = gatewayId.gateway();

        REDIS.redis().flush();
        gatewayId.putBack(policy);
        await().until(() -> get(after.join(Optional.empty(), Optional.empty(), false)) instanceof JoinOutcome.Joined);

        for (int i = 0; i < tickets.size(); i++) {
            assertThat(after.status(tickets.get(i)).state()).isEqualTo(State.ADMITTED);
            assertThat(get(after.admit(tickets.get(i), WAIT))).isEqualTo(granted.get(i));
        }
    }

    @Test
    void whileTheLineIsPutBackStatusSaysHowOldItIs() throws Exception {
        Policy policy = policy(1_000, 1_000);
        gatewayId.open(policy);
        Room room = gatewayId.gateway();
        Ticket ticket = join(room);
        await().until(() -> room.status(ticket).ready());

        REDIS.redis().flush();
        Instant flushed = Instant.now();
        gatewayId.putBack(policy);
        List<Instant> told = new ArrayList<>();
        await().until(() -> {
            TicketStatus status = room.status(ticket);
            if (!status.ready()) {
                told.add(status.asOf());
            }
            return status.ready() && !told.isEmpty();
        });

        assertThat(told).allSatisfy(asOf -> assertThat(asOf).isBeforeOrEqualTo(flushed));
    }

    @Test
    void nobodyIsToldAPositionThatGrowsWhenTheLineIsBack() throws Exception {
        Policy policy = policy(1, 1);
        gatewayId.open(policy);
        Room one = gatewayId.gateway();
        Room two = gatewayId.gateway();
        for (int i = 0; i < 20; i++) {
            join(i % 2 == 0 ? one : two);
        }

        REDIS.redis().flush();
        gatewayId.putBack(policy);
        List<Ticket> late = new ArrayList<>();
        List<Long> told = new ArrayList<>();
        // Every second one joins through the other gateway.
        await().until(() -> {
            if (get(two.join(Optional.empty(), Optional.empty(), false)) instanceof JoinOutcome.Joined
                    && get(one.join(Optional.empty(), Optional.empty(), false)) instanceof JoinOutcome.Joined mine) {
                late.add(mine.ticket());
                told.add(mine.status().position());
            }
            return late.size() == 20;
        });

        await().until(() -> one.status(late.getFirst()).eta().isPresent()); // the line is back
        for (int i = 0; i < late.size(); i++) {
            assertThat(one.status(late.get(i)).position()).isLessThanOrEqualTo(told.get(i));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void everyoneIsInLineAgainAfterRedisWasMovedAndMovedBack(boolean operatorRemembers) throws Exception {
        Policy policy = policy(1, 1);
        gatewayId.open(policy);
        List<Ticket> tickets = new ArrayList<>(joinThroughTwo(100));
        long first = gatewayId.epoch();
        try (RedisProcess other = RedisProcess.start()) {
            gatewayId.moveTo(other.url(), policy, operatorRemembers ? first : 0);
            List<Room> there = twoGateways();
            awaitInLine(there, tickets);
            tickets.addAll(joinThrough(there, 150));
            awaitInLine(there, tickets);
            long second = gatewayId.epoch();

            gatewayId.moveTo(REDIS.url(), policy, operatorRemembers ? second : 0);
        }
        List<Room> back = twoGateways();

        awaitInLine(back, tickets);
        await().until(() -> back.getFirst().status(tickets.getFirst()).ready());
        assertThat(get(back.getFirst().admit(tickets.getFirst(), WAIT))).isInstanceOf(AdmitOutcome.Granted.class);
        awaitInLine(back, tickets.subList(1, tickets.size()));
        assertThat(join(back.getLast()).number())
                .isGreaterThan(tickets.getLast().number());
    }

    @Test
    void anOlderCopyOfTheLineLearnsFromTheGatewaysWhatBecameOfEveryone() throws Exception {
        Policy policy = policy(5, 5);
        gatewayId.open(policy);
        List<Room> rooms = twoGateways();
        List<Ticket> tickets = new ArrayList<>(joinThrough(rooms, 20));
        awaitInLine(rooms, tickets);
        keep();
        REDIS.redis().command("FLUSHDB");
        gatewayId.putBack(policy);
        awaitInLine(rooms, tickets);
        Ticket admitted = tickets.removeFirst();
        await().until(() -> rooms.getFirst().status(admitted).ready());
        AdmitOutcome granted = get(rooms.getFirst().admit(admitted, WAIT));
        assertThat(granted).isInstanceOf(AdmitOutcome.Granted.class);
        Ticket left = tickets.removeFirst();
        get(rooms.getLast().leave(left));
        tickets.addAll(joinThrough(rooms, 20));
        awaitInLine(rooms, tickets);

        restoreKept();

        await().until(() -> gatewayId.epoch() > 0 && rooms.getFirst().figures().epoch() == gatewayId.epoch());
        awaitInLine(rooms, tickets);
        for (Room room : rooms) {
            assertThat(room.figures().waiting()).isEqualTo(tickets.size());
            assertThat(room.status(admitted).state()).isEqualTo(State.ADMITTED);
            assertThat(get(room.admit(admitted, WAIT))).isEqualTo(granted);
            assertThat(room.status(left).state()).isEqualTo(State.LEFT);
        }
    }

    @Test
    void aDeletedRoomIsClosedAndNobodyIsToldThatTheyExpired() throws Exception {
        Policy policy = policy(1, 1);
        gatewayId.open(policy);
        List<Room> rooms = twoGateways();
        List<Ticket> tickets = joinThrough(rooms, 10);
        awaitInLine(rooms, tickets);
        CompletionStage<AdmitOutcome> held = rooms.getFirst().admit(tickets.getLast(), WAIT);

        gatewayId.delete(policy);

        Set<State> told = EnumSet.noneOf(State.class);
        await().until(() -> {
            rooms.forEach(room ->
                    tickets.forEach(ticket -> told.add(room.status(ticket).state())));
            return gatewayId.isServedNowhere();
        });
        assertThat(told).isSubsetOf(State.WAITING, State.CLOSED);
        assertThat(get(held)).isNotInstanceOf(AdmitOutcome.Granted.class);
        for (Room room : rooms) {
            assertThat(room.status(tickets.getFirst()).state()).isEqualTo(State.CLOSED);
            assertThat(get(room.admit(tickets.getFirst(), WAIT))).isEqualTo(new AdmitOutcome.Gone(State.CLOSED));
            assertThat(get(room.join(Optional.empty(), Optional.empty(), false)))
                    .isEqualTo(new JoinOutcome.Closed());
            assertThat(get(room.leave(tickets.getFirst()))).isEqualTo(new LeaveOutcome.Left());
        }
    }

    @Test
    void aDeletedRoomIsClosedThoughRedisHadLostTheList() throws Exception {
        Policy policy = policy(1, 1);
        gatewayId.open(policy);
        twoGateways();
        gatewayId.loseList();

        gatewayId.delete(policy);

        await().until(gatewayId::isServedNowhere);
    }

    private List<Ticket> joinThroughTwo(int count) {
        return joinThrough(twoGateways(), count);
    }

    private List<Room> twoGateways() {
        return List.of(gatewayId.gateway(), gatewayId.gateway());
    }

    private static List<Ticket> joinThrough(List<Room> rooms, int count) {
        for (Room room : rooms) { // one that puts the line back takes nobody in
            await().until(() ->
                    get(room.join(Optional.empty(), Optional.empty(), false)) instanceof JoinOutcome.Joined probe
                            && get(room.leave(probe.ticket())) instanceof LeaveOutcome.Left);
        }
        return IntStream.range(0, count)
                .mapToObj(i -> join(rooms.get(i % rooms.size())))
                .toList();
    }

    /** They poll, each through every gateway, and all are told where they are in line. */
    private static void awaitInLine(List<Room> rooms, List<Ticket> tickets) {
        await().atMost(Duration.ofSeconds(40)).untilAsserted(() -> {
            for (Room room : rooms) {
                List<TicketStatus> told = tickets.stream().map(room::status).toList();
                for (int i = 0; i < tickets.size(); i++) {
                    TicketStatus status = told.get(i);
                    assertThat(status.state()).isEqualTo(State.WAITING);
                    assertThat(status.position()).as("of %s", i).isEqualTo(i + 1);
                }
            }
        });
    }

    private static void keep() {
        copy("0", "1");
    }

    private static void restoreKept() {
        copy("1", "0");
    }

    private static void copy(String from, String to) {
        REDIS.redis().command("EVAL", """
                redis.call('SELECT', ARGV[2])
                redis.call('FLUSHDB')
                redis.call('SELECT', ARGV[1])
                for _, key in ipairs(redis.call('KEYS', '*')) do
                  redis.call('COPY', key, key, 'DB', ARGV[2])
                end
                """, "0", from, to);
    }

    @Test
    void thoseWhoPollAreBackInOrderThoughNoGatewayIsLeft() throws Exception {
        Policy policy = policy(1, 1);
        gatewayId.open(policy);
        Room before = gatewayId.gateway();
        List<Ticket> tickets =
                IntStream.range(0, 50).mapToObj(i -> join(before)).toList();
        gatewayId.killGateways();
        REDIS.redis().flush();
        gatewayId.putBack(policy);
        Room after = gatewayId.gateway();
        Ticket newcomer = join(after);

        List<Ticket> shuffled = new ArrayList<>(tickets);
        java.util.Collections.shuffle(shuffled, new java.util.Random(1));

        await().untilAsserted(() -> {
            shuffled.forEach(after::status);
            for (int i = 0; i < tickets.size(); i++) {
                assertThat(after.status(tickets.get(i)).position()).isEqualTo(i + 1);
            }
            assertThat(after.status(newcomer).position()).isEqualTo(51);
        });
    }

    @Test
    void withoutRedisStatusGoesOnAndTheRestSaysSo() {
        gatewayId.open(policy(1, 1));
        Room room = gatewayId.gateway();
        Ticket first = join(room);
        Ticket second = join(room);

        REDIS.redis().pause();
        JoinOutcome join = get(room.join(Optional.empty(), Optional.empty(), false));
        AdmitOutcome admit = get(room.admit(second, WAIT));

        assertThat(join).isInstanceOf(JoinOutcome.Unavailable.class);
        assertThat(admit).isInstanceOf(AdmitOutcome.Unavailable.class);
        assertThat(room.status(first).position()).isEqualTo(1);
        assertThat(room.status(second).position()).isEqualTo(2);
    }
}
