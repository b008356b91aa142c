package dev.waitingroom.chaos.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.waitingroom.chaos.history.Event.Kind;
import dev.waitingroom.chaos.history.Outcome.State;
import dev.waitingroom.chaos.history.RateLimits.Limit;
import dev.waitingroom.chaos.history.Violation.Promise;
import dev.waitingroom.queue.policy.Mode;
import dev.waitingroom.queue.policy.SessionCap;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CheckerTest {
    /** 10/s, burst 5, ttl 5 s. */
    private static final Promises PROMISES = Promises.of(10, 5, Duration.ofSeconds(5), Duration.ofMinutes(15));

    /** With a ttl that no history reaches. */
    private static final Promises LASTING = Promises.of(10, 5, Duration.ofSeconds(60), Duration.ofMinutes(15));

    private static final Promises ONE_IN_TEN_SECONDS =
            Promises.of(0.1, 1, Duration.ofSeconds(60), Duration.ofMinutes(15));

    private static List<Promise> broken(HistoryBuilder story, Promises promises) {
        return Checker.judge(story.end(), promises).stream()
                .map(Violation::promise)
                .distinct()
                .toList();
    }

    private static List<Promise> broken(HistoryBuilder story) {
        return broken(story, PROMISES);
    }

    private static Promises limited(Limit... limits) {
        return Promises.of(List.of(limits), PROMISES.ttl(), PROMISES.turnTtl(), PROMISES.reservationTtl());
    }

    private static Promises withOutage(long from, long until) {
        return PROMISES.withOutages(List.of(new Span(HistoryBuilder.micros(from), HistoryBuilder.micros(until))));
    }

    @Test
    void ordinaryVisitIsGood() {
        HistoryBuilder story = new HistoryBuilder()
                .joinAll(0, 3)
                .poll(1_000, 1, 1, true)
                .poll(1_100, 2, 2, true)
                .poll(1_200, 3, 3, true)
                .granted(1_300, 1)
                .granted(1_400, 2)
                .granted(1_500, 1, "r1", 1_700_000_001)
                .poll(1_800, 3, 1, true)
                .over(1_900, 1, State.ADMITTED)
                .left(2_000, 3)
                .left(2_500, 3)
                .over(3_000, 3, State.LEFT);

        assertThat(broken(story)).isEmpty();
    }

    // --- numbers ---

    private static HistoryBuilder joinAgain(Outcome unanswered) {
        return new HistoryBuilder()
                .join(0, "v1", 1)
                .add(Kind.JOIN, 100, 850, "v2", 0, unanswered)
                .join(1_000, "v3", 2)
                .join(2_000, "v4", 4);
    }

    @Test
    void numberOfACallWithoutAnAnswerIsGoodAtAnyTime() {
        assertThat(broken(joinAgain(new Outcome.Nothing()))).isEmpty();
    }

    @Test
    void numberOfACallThatWasTold503IsGoodBeforeIt() {
        HistoryBuilder story = new HistoryBuilder()
                .join(0, "v1", 1)
                .add(Kind.JOIN, 100, 850, "v2", 0, new Outcome.Unavailable(true))
                .join(1_000, "v3", 3);

        assertThat(broken(story)).isEmpty();
    }

    @Test
    void numberOfACallThatHadBeenTold503BreaksThePlace() {
        assertThat(broken(joinAgain(new Outcome.Unavailable(true)))).containsExactly(Promise.PLACE);
    }

    @Test
    void twoNumbersOfOneCallBreakThePlace() {
        HistoryBuilder story = new HistoryBuilder()
                .join(0, "v1", 1)
                .add(Kind.JOIN, 100, 850, "v2", 0, new Outcome.Nothing())
                .join(1_000, "v3", 4);

        assertThat(broken(story)).containsExactly(Promise.PLACE);
    }

    @Test
    void numbersOfTwoEpochsAreNotOfOneRow() {
        assertThat(broken(new HistoryBuilder().join(0, "v1", 1).join(1_000, "v2", 1 + (1L << 20))))
                .isEmpty();
    }

    @Test
    void lowerNumberOfALaterJoinBreaksTheOrder() {
        assertThat(broken(new HistoryBuilder().join(0, "v1", 2).join(1_000, "v2", 1)))
                .containsExactly(Promise.ORDER);
    }

    // --- admitted with the join ---

    /** Ticket 1 waits when the visitor of ticket 2 comes, and polls later. */
    private static HistoryBuilder enterBehindOne() {
        return new HistoryBuilder()
                .join(0, "v1", 1)
                .poll(500, 1, 1, false)
                .enter(1_000, "v2", 2)
                .poll(1_500, 1, 1, false);
    }

    @Test
    void joinAdmittedPastATicketThatWaitsBreaksTheOrder() {
        assertThat(Checker.judge(enterBehindOne().end(), PROMISES))
                .extracting(Violation::promise, Violation::tickets)
                .containsExactly(tuple(Promise.ORDER, List.of(2L, 1L)));
    }

    @Test
    void joinAdmittedPastATicketThatIsAdmittedLaterBreaksTheOrder() {
        HistoryBuilder story = new HistoryBuilder()
                .join(0, "v1", 1)
                .poll(500, 1, 1, true)
                .enter(1_000, "v2", 2)
                .granted(1_100, 1);

        assertThat(broken(story)).containsExactly(Promise.ORDER);
    }

    @Test
    void joinAdmittedPastOthersThatAreGoneIsGood() {
        HistoryBuilder story = new HistoryBuilder()
                .joinAll(0, 3)
                .left(500, 1)
                .poll(500, 2, 1, true)
                .granted(600, 2)
                .enter(6_000, "v4", 4); // the third is silent for longer than the ttl

        assertThat(broken(story)).isEmpty();
    }

    /** The visitor of ticket 2 comes again after an ordinary admission. */
    @Test
    void joinThatRepeatsAnAdmissionIsGood() {
        HistoryBuilder story = new HistoryBuilder()
                .joinAll(0, 2)
                .poll(500, 1, 1, true)
                .poll(500, 2, 2, true)
                .granted(600, 2)
                .add(Kind.ENTER, 1_000, "v2", 0, new Outcome.Took(2))
                .add(Kind.ADMIT, 1_000, "v2", 2, new Outcome.Granted("r2", 1_700_000_000))
                .granted(1_500, 1);

        assertThat(broken(story)).isEmpty();
    }

    @Test
    void joinAdmittedTogetherWithAJoinIsGood() {
        HistoryBuilder story =
                new HistoryBuilder().join(1_000, "v1", 1).enter(1_005, "v2", 2).poll(1_500, 1, 1, false);

        assertThat(broken(story)).isEmpty();
    }

    @Test
    void joinAdmittedPastTheLineIsGoodInModePass() {
        PolicyInForce passing = new PolicyInForce(
                0, 0, Mode.PASS, 10, 5, PROMISES.ttl(), PROMISES.turnTtl(), PROMISES.reservationTtl());

        assertThat(broken(enterBehindOne(), PROMISES.withPolicies(new PolicyTimeline(List.of(passing)))))
                .isEmpty();
    }

    @Test
    void joinsAdmittedBeyondTheBurstBreakTheRate() {
        HistoryBuilder story = new HistoryBuilder();
        for (int i = 1; i <= 6; i++) {
            story.enter(i, "v" + i, i);
        }

        assertThat(broken(story)).containsExactly(Promise.RATE);
    }

    @Test
    void retryOfAnUnansweredJoinMayGetAnEarlierAdmission() {
        HistoryBuilder story = new HistoryBuilder().add(Kind.ENTER, 0, 700, "v1", 0, new Outcome.Nothing());
        story.add(Kind.ENTER, 980, "v1", 0, new Outcome.Took(1))
                .add(Kind.ADMIT, 980, "v1", 1, new Outcome.Granted("r1", 1_700_000_000));
        for (int i = 2; i <= 6; i++) {
            story.enter(989 + i, "v" + i, i); // the burst
        }

        assertThat(broken(story)).isEmpty();
    }

    // --- rate ---

    /** Joins, hears that it is called, and is admitted at these times. */
    private static HistoryBuilder admittedAt(long... millis) {
        HistoryBuilder story = new HistoryBuilder().joinAll(0, millis.length);
        for (int i = 0; i < millis.length; i++) {
            story.granted(millis[i], i + 1);
        }
        return story;
    }

    @Test
    void burstAndRateAreGood() {
        assertThat(broken(admittedAt(1_000, 1_001, 1_002, 1_003, 1_004, 1_100, 1_200, 1_300)))
                .isEmpty();
    }

    @Test
    void grantBeyondTheBurstBreaksTheRate() {
        assertThat(broken(admittedAt(1_000, 1_001, 1_002, 1_003, 1_004, 1_005))).containsExactly(Promise.RATE);
    }

    @Test
    void tokenTakenTooEarlyBreaksTheRate() {
        assertThat(broken(admittedAt(1_000, 1_001, 1_002, 1_003, 1_004, 1_100, 1_110, 1_120, 1_130)))
                .contains(Promise.RATE);
    }

    @Test
    void grantWhoseAnswerTookLongMayHaveBeenEarlier() {
        HistoryBuilder story = admittedAt(1_000, 1_001, 1_002, 1_003, 1_004).join(8, "v6", 6);
        story.add(Kind.ADMIT, 300, 1_010, "v6", 6, new Outcome.Granted("r6", 1_700_000_000));

        assertThat(broken(story)).isEmpty();
    }

    @Test
    void burstThatWasInForceBeforeGivesNothing() {
        Promises smaller = limited(new Limit(0, 1, 5), new Limit(HistoryBuilder.micros(500), 1, 1));

        assertThat(broken(admittedAt(501, 502, 503, 504, 505), smaller)).isEmpty();
        assertThat(broken(admittedAt(4_001, 4_002, 4_003, 4_004, 4_005), smaller))
                .containsExactly(Promise.RATE);
    }

    @Test
    void admissionInModePassTakesNoToken() {
        Promises passing = PROMISES.withPolicies(new PolicyTimeline(List.of(
                policy(0, Mode.QUEUE),
                policy(HistoryBuilder.micros(900), Mode.PASS),
                policy(HistoryBuilder.micros(2_000), Mode.QUEUE))));

        assertThat(broken(admittedAt(1_000, 1_001, 1_002, 1_003, 1_004, 1_005), passing))
                .isEmpty();
        assertThat(broken(admittedAt(4_500, 4_501, 4_502, 4_503, 4_504, 4_505), passing))
                .containsExactly(Promise.RATE);
    }

    private static PolicyInForce policy(long written, Mode mode) {
        return new PolicyInForce(
                written, written, mode, 10, 5, PROMISES.ttl(), PROMISES.turnTtl(), PROMISES.reservationTtl());
    }

    // --- active sessions ---

    /** Two sessions of two minutes at a time, in each of these modes one after the other. */
    private static Promises capped(Mode... modes) {
        return PROMISES.withPolicies(new PolicyTimeline(Stream.of(modes)
                .map(mode -> new PolicyInForce(
                        HistoryBuilder.micros(0),
                        HistoryBuilder.micros(0),
                        mode,
                        10,
                        5,
                        PROMISES.ttl(),
                        PROMISES.turnTtl(),
                        PROMISES.reservationTtl(),
                        Optional.of(new SessionCap(2, Duration.ofMinutes(1)))))
                .toList()));
    }

    @Test
    void noMoreSessionsAreActiveThanTheRoomAllows() {
        assertThat(broken(admittedAt(1_000, 1_001), capped(Mode.QUEUE))).isEmpty();
        assertThat(broken(admittedAt(1_000, 1_001, 1_002), capped(Mode.QUEUE))).containsExactly(Promise.ACTIVE);
        assertThat(broken(admittedAt(1_000, 1_001, 1_002))).isEmpty();
    }

    @Test
    void placeOfASessionThatRanOutIsFree() {
        assertThat(broken(admittedAt(1_000, 2_000, 121_100), capped(Mode.QUEUE)))
                .doesNotContain(Promise.ACTIVE);
        assertThat(broken(admittedAt(1_000, 2_000, 120_900), capped(Mode.QUEUE)))
                .contains(Promise.ACTIVE);
    }

    @Test
    void modePassAdmitsPastTheLimit() {
        assertThat(broken(admittedAt(1_000, 1_001, 1_002), capped(Mode.QUEUE, Mode.PASS)))
                .isEmpty();
    }

    @Test
    void retriedGrantCountsFromItsFirstTry() {
        HistoryBuilder story = admittedAt(1_000, 1_001, 1_002, 1_003, 1_004).join(8, "v6", 6);
        story.add(Kind.ADMIT, 300, "v6", 6, new Outcome.Nothing()).granted(1_006, 6, "r6", 1_700_000_000);

        assertThat(broken(story)).isEmpty();
    }

    @Test
    void slowerRateIsInForceTwoSecondsAfterItWasWritten() {
        Promises changed = limited(new Limit(0, 10, 5), new Limit(HistoryBuilder.micros(0), 1, 5));

        assertThat(broken(admittedAt(1_000, 1_001, 1_002, 1_003, 1_004, 1_150, 1_250), changed))
                .isEmpty();
        assertThat(broken(admittedAt(3_000, 3_001, 3_002, 3_003, 3_004, 3_150, 3_250), changed))
                .containsExactly(Promise.RATE);
    }

    /** Seven a second, a token in 142.86 ms, burst 5. */
    private static List<Violation> stamped(Long... millis) {
        return Checker.judgeStamps(
                Stream.of(millis).map(at -> HistoryBuilder.micros(at) / 1_000).toList(),
                Promises.of(7, 5, PROMISES.ttl(), PROMISES.turnTtl()));
    }

    @Test
    void stampsOfGrantsAreJudgedToTheMillisecond() {
        assertThat(stamped(0L, 0L, 0L, 0L, 0L, 142L, 285L, 428L)).isEmpty();
        assertThat(stamped(0L, 0L, 0L, 0L, 0L, 142L, 284L, 428L))
                .extracting(Violation::promise, Violation::at)
                .containsExactly(tuple(Promise.RATE, HistoryBuilder.micros(284) + 999));
    }

    @Test
    void stampsThatAreMissingAreNotMissed() {
        assertThat(stamped(0L, 0L, 0L, 0L, 142L, 284L, 428L)).isEmpty();
    }

    // --- order ---

    /** Ticket 1 polls every second from 1 s on, called or not, while the others are admitted, ten a second. */
    private static HistoryBuilder overtaken(int overtakers, boolean called) {
        HistoryBuilder story = new HistoryBuilder().joinAll(0, overtakers + 1);
        int polled = 1;
        for (int i = 0; i < overtakers; i++) {
            long at = 500 + i * 100L;
            for (; polled * 1_000L < at; polled++) {
                story.poll(polled * 1_000L, 1, 1, called);
            }
            story.granted(at, i + 2);
        }
        return story.granted(500 + overtakers * 100L, 1);
    }

    @Test
    void overtakenByBurstAndThreeSecondsIsGood() {
        assertThat(broken(overtaken(35, false), LASTING)).isEmpty();
    }

    @Test
    void overtakenByMoreBreaksTheOrder() {
        assertThat(broken(overtaken(38, false), LASTING)).containsExactly(Promise.ORDER);
    }

    @Test
    void whoIsToldToEnterAndDoesNotIsNotJudgedByOrder() {
        assertThat(broken(overtaken(38, true), Promises.of(10, 5, Duration.ofSeconds(60), Duration.ofMinutes(15))))
                .isEmpty();
    }

    @Test
    void callThatWasUnderWayWhenSomethingBrokeIsNotJudgedByOrder() {
        assertThat(broken(overtaken(36, false), withOutage(4_120, 4_130))).containsExactly(Promise.ORDER);
        assertThat(broken(overtaken(36, false), withOutage(4_105, 4_130))).isEmpty();
    }

    /** Ticket 1 waits and polls every second for half a minute; from then on so many others are admitted, ten a second. */
    private static HistoryBuilder overtakenFrom(long from, int overtakers) {
        HistoryBuilder story = new HistoryBuilder().joinAll(0, overtakers + 1);
        for (long at = 1_000; at <= 30_000; at += 1_000) {
            story.poll(at, 1, 1, false);
        }
        for (int i = 0; i < overtakers; i++) {
            story.granted(from + i * 100L, i + 2);
        }
        return story;
    }

    private static List<Promise> disordered(HistoryBuilder story, List<Span> unordered) {
        return broken(
                story,
                lasting(new FaultAllowances(
                        Duration.ZERO,
                        List.of(),
                        unordered,
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        Map.of(),
                        Duration.ZERO)));
    }

    private static List<Span> twice(long from, long until, long fromAgain, long untilAgain) {
        return List.of(span(from, until).getFirst(), span(fromAgain, untilAgain).getFirst());
    }

    @Test
    void overtakenInTheCalmBetweenTwoFaultsBreaksTheOrder() {
        // The first who is admitted after the fault is so at 3 s: it is calm from 8 s on.
        HistoryBuilder story = overtakenFrom(9_500, 45).join(60, "w", 47).granted(3_000, 47);

        assertThat(disordered(story, twice(500, 2_000, 15_000, 20_000))).containsExactly(Promise.ORDER);
    }

    @Test
    void overtakenWhileSomethingIsBrokenAndShortlyAfterIsGood() {
        assertThat(disordered(overtakenFrom(3_000, 60), span(2_000, 4_000))).isEmpty();
        assertThat(disordered(overtakenFrom(3_000, 120), span(2_000, 4_000))).containsExactly(Promise.ORDER);
    }

    @Test
    void overtakenInTheLongWhileInWhichTheLineMayRecoverIsGood() {
        // Nobody is admitted after the fault but these: it is not calm until five seconds after the first of them, or
        // fifteen after the fault.
        assertThat(disordered(overtakenFrom(10_000, 60), span(2_000, 4_000))).isEmpty();
        assertThat(disordered(overtakenFrom(18_000, 60), span(2_000, 4_000))).containsExactly(Promise.ORDER);
    }

    @Test
    void overtakenALittleInEachOfTwoCalmsIsGood() {
        HistoryBuilder story = overtakenFrom(1_500, 30);
        for (int i = 0; i < 30; i++) {
            story.join(50, "w" + i, 32 + i).granted(16_000 + i * 100L, 32 + i);
        }
        story.join(60, "x", 62).granted(8_100, 62);

        assertThat(disordered(story, span(6_000, 8_000))).isEmpty();
        assertThat(disordered(story, List.of())).containsExactly(Promise.ORDER);
    }

    @Test
    void overtakenWhileSilentIsGood() {
        HistoryBuilder story =
                new HistoryBuilder().joinAll(0, 61).poll(1_000, 1, 1, false).poll(8_500, 1, 1, false);
        for (int i = 0; i < 60; i++) {
            story.granted(1_500 + i * 100L, i + 2);
        }

        assertThat(disordered(story.granted(8_600, 1), List.of())).isEmpty();
    }

    @Test
    void overtakenWhileOnesCallsAreNotAnsweredOrAreHeldUpIsGood() {
        HistoryBuilder lost = new HistoryBuilder().joinAll(0, 61).poll(1_000, 1, 1, false);
        HistoryBuilder late = new HistoryBuilder().joinAll(0, 61).poll(1_000, 1, 1, false);
        for (long at = 2_000; at < 9_000; at += 1_000) {
            lost.add(Kind.POLL, at, "v1", 1, new Outcome.Unavailable(true));
            late.add(
                    Kind.POLL,
                    at,
                    at + 1_100,
                    "v1",
                    1,
                    new Outcome.Waiting(1, false, false, HistoryBuilder.micros(at + 1_000)));
        }
        for (int i = 0; i < 60; i++) {
            lost.granted(1_500 + i * 100L, i + 2);
            late.granted(1_500 + i * 100L, i + 2);
        }

        assertThat(disordered(lost.poll(9_000, 1, 1, false), List.of())).isEmpty();
        assertThat(disordered(late.poll(10_500, 1, 1, false), List.of())).isEmpty();
    }

    @Test
    void overtakenWhileOnesGatewayTellsOfAnOldCopyOrHoldsEverybodyIsNotDisorder() {
        HistoryBuilder old = new HistoryBuilder().joinAll(0, 61);
        HistoryBuilder held = new HistoryBuilder().joinAll(0, 61);
        for (long at = 1_000; at < 9_000; at += 1_000) {
            old.pollAsOf(at, 1, 1, at - 1_100);
            held.add(Kind.POLL, at, "v1", 1, new Outcome.Waiting(1, false, true, HistoryBuilder.micros(at)));
        }
        for (int i = 0; i < 60; i++) {
            old.granted(1_500 + i * 100L, i + 2);
            held.granted(1_500 + i * 100L, i + 2);
        }

        assertThat(disordered(old, List.of())).doesNotContain(Promise.ORDER);
        assertThat(disordered(held, List.of())).doesNotContain(Promise.ORDER);
    }

    @Test
    void burstAndRateOfTheTimeSayHowManyMayOvertake() {
        Promises promises = Promises.of(
                List.of(new Limit(0, 20, 5), new Limit(HistoryBuilder.micros(1_000), 10, 5)),
                Duration.ofSeconds(60),
                PROMISES.turnTtl(),
                PROMISES.reservationTtl());

        assertThat(broken(silentAndThenOvertaken(7_500, 38), promises)).isEmpty();
        assertThat(broken(silentAndThenOvertaken(14_500, 38), promises)).containsExactly(Promise.ORDER);
    }

    /** Ticket 1 is silent until a second before the others are admitted: what came before says nothing. */
    private static HistoryBuilder silentAndThenOvertaken(long from, int overtakers) {
        HistoryBuilder story = new HistoryBuilder().joinAll(0, overtakers + 1);
        for (int i = 0; i < overtakers; i++) {
            story.granted(from + i * 100L, i + 2);
        }
        for (long at = from - 1_000; at <= from + overtakers * 100L + 1_000; at += 1_000) {
            story.poll(at, 1, 1, false);
        }
        return story;
    }

    @Test
    void waiterIsJudgedForOrderWhereEnoughWereAdmittedMeanwhile() {
        assertThat(Checker.judgedForOrder(overtaken(36, false).end(), PROMISES)).isOne();
        assertThat(Checker.judgedForOrder(overtaken(35, false).end(), PROMISES)).isZero();
        assertThat(Checker.judgedForOrder(overtaken(36, false).end(), withOutage(2_000, 2_100)))
                .isZero();
    }

    // --- once ---

    @Test
    void anotherReservationForTheSameTicketIsCaught() {
        assertThat(broken(admittedAt(1_000).granted(1_500, 1, "other", 1_700_000_001)))
                .containsExactly(Promise.ONCE);
    }

    @Test
    void renewedAdmissionIsCaught() {
        assertThat(broken(admittedAt(1_000).granted(3_500, 1, "r1", 1_700_000_003)))
                .contains(Promise.ONCE);
    }

    @Test
    void oneReservationForTwoTicketsIsCaught() {
        assertThat(broken(admittedAt(1_000).join(500, "v2", 2).granted(1_500, 2, "r1", 1_700_000_001)))
                .containsExactly(Promise.ONCE);
    }

    @Test
    void waitingAgainAfterTheEndIsCaught() {
        assertThat(broken(admittedAt(1_000).poll(2_000, 1, 1, true))).contains(Promise.ONCE);
        assertThat(broken(new HistoryBuilder().joinAll(0, 1).left(1_000, 1).poll(2_000, 1, 1, true)))
                .contains(Promise.ONCE);
    }

    @Test
    void staleCopyThatSaysSoIsGood() {
        assertThat(broken(new HistoryBuilder().joinAll(0, 1).left(1_000, 1).pollAsOf(1_200, 1, 1, 990)))
                .isEmpty();
    }

    @Test
    void admissionAfterLeavingIsCaught() {
        assertThat(broken(new HistoryBuilder().joinAll(0, 1).left(1_000, 1).granted(2_500, 1)))
                .containsExactly(Promise.ONCE);
    }

    @Test
    void goneAfterItWasAdmittedIsCaught() {
        HistoryBuilder admitted = new HistoryBuilder().joinAll(0, 1).granted(1_000, 1);

        assertThat(broken(admitted.add(Kind.ADMIT, 2_000, "v1", 1, new Outcome.Gone())))
                .containsExactly(Promise.ONCE);
    }

    @Test
    void expiredAfterItWasAdmittedIsCaught() {
        HistoryBuilder admitted = new HistoryBuilder().joinAll(0, 1).granted(1_000, 1);

        assertThat(broken(admitted.over(2_000, 1, State.EXPIRED))).containsExactly(Promise.ONCE);
    }

    @Test
    void reservationThatIsOverIsGood() {
        HistoryBuilder admitted = new HistoryBuilder().joinAll(0, 1).granted(1_000, 1);

        assertThat(broken(
                        admitted.over(122_000, 1, State.EXPIRED).add(Kind.ADMIT, 123_000, "v1", 1, new Outcome.Gone())))
                .isEmpty();
    }

    @Test
    void expiredThatWasAskedForBeforeTheAdmissionIsGood() {
        HistoryBuilder admitted = new HistoryBuilder().joinAll(0, 1).granted(1_000, 1);

        assertThat(broken(admitted.add(
                        Kind.POLL,
                        1_005,
                        1_100,
                        "v1",
                        1,
                        new Outcome.Over(State.EXPIRED, HistoryBuilder.micros(1_000)))))
                .isEmpty();
    }

    // --- position ---

    @Test
    void countingOneWhoLeftBreaksThePosition() {
        assertThat(broken(new HistoryBuilder().joinAll(0, 3).left(500, 1).poll(1_000, 3, 3, false)))
                .containsExactly(Promise.POSITION);
    }

    @Test
    void skippingOneWhoWaitsBreaksThePosition() {
        assertThat(broken(new HistoryBuilder().joinAll(0, 3).poll(1_000, 3, 2, false)))
                .containsExactly(Promise.POSITION);
    }

    @Test
    void positionMayBeOfAMomentAgo() {
        assertThat(broken(new HistoryBuilder().joinAll(0, 3).left(900, 1).poll(1_000, 3, 3, false)))
                .isEmpty();
    }

    @Test
    void silentOnesMayOrMayNotCount() {
        HistoryBuilder story = new HistoryBuilder().joinAll(0, 2).poll(2_000, 2, 2, false);
        assertThat(broken(story.poll(6_000, 2, 2, false).poll(6_100, 2, 1, false)))
                .isEmpty();
        assertThat(broken(story.poll(9_800, 2, 2, false))).contains(Promise.POSITION);
    }

    @Test
    void pollsOfAGatewayThatWasKilledMayBeForgotten() {
        HistoryBuilder story = new HistoryBuilder().joinAll(0, 2).poll(4_000, 2, 2, false);
        story.through("b").poll(4_000, 1, 1, false);
        story.through("a").poll(6_000, 2, 1, false);

        assertThat(broken(story)).containsExactly(Promise.POSITION);
        assertThat(broken(story, killed("b", 3_900))).isEmpty();
        assertThat(broken(story, killed("b", 4_100))).containsExactly(Promise.POSITION);
        assertThat(broken(story, killed("c", 3_900))).containsExactly(Promise.POSITION);
    }

    private static Promises killed(String gateway, long unheardSince) {
        return with(new FaultAllowances(
                Duration.ZERO,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                Map.of(gateway, HistoryBuilder.micros(unheardSince)),
                Duration.ZERO));
    }

    @Test
    void unansweredJoinMayStandAhead() {
        HistoryBuilder story = new HistoryBuilder()
                .add(Kind.JOIN, 0, "lost", 0, new Outcome.Nothing())
                .join(100, "v1", 1)
                .poll(1_000, 1, 2, false);

        assertThat(broken(story)).isEmpty();
    }

    @Test
    void growingThroughOneGatewayIsCaughtThroughTwoItIsNot() {
        HistoryBuilder story = new HistoryBuilder().joinAll(0, 2).left(500, 1).pollAsOf(600, 2, 1, 550);

        assertThat(broken(story.through("b").pollAsOf(700, 2, 2, 450))).isEmpty();
        assertThat(broken(story.through("a").pollAsOf(710, 2, 2, 450))).containsExactly(Promise.POSITION);
    }

    /** A gateway that nobody asks reads once a second, one that is asked all the time ten times. */
    private static HistoryBuilder told(long age, boolean askedAllTheTime) {
        HistoryBuilder story = new HistoryBuilder().joinAll(0, 1);
        for (long at = 1_000; askedAllTheTime && at < 10_000; at += 1_000) {
            story.poll(at, 1, 1, false);
        }
        return story.pollAsOf(10_000, 1, 1, 10_000 - age);
    }

    private static Promises stalled(Duration stall, List<Span> disturbances) {
        return lasting(new FaultAllowances(
                Duration.ZERO, disturbances, List.of(), List.of(), List.of(), List.of(), List.of(), Map.of(), stall));
    }

    /** With a ttl that no story reaches. */
    private static Promises lasting(FaultAllowances allowed) {
        return LASTING.withAllowances(allowed);
    }

    @Test
    void copyThatStandsStillThoughItSaysHowOldItIsIsCaught() {
        Promises promises = stalled(Duration.ofMillis(10), List.of());

        assertThat(broken(told(285, true), promises)).isEmpty();
        assertThat(broken(told(286, true), promises)).containsExactly(Promise.POSITION);
    }

    @Test
    void copyOfAGatewayThatWasNotAskedMayBeOlder() {
        Promises promises = stalled(Duration.ofMillis(10), List.of());

        assertThat(broken(told(1_285, false), promises)).isEmpty();
        assertThat(broken(told(1_286, false), promises)).containsExactly(Promise.POSITION);
        assertThat(broken(told(1_285, false).poll(9_200, 1, 1, false), promises))
                .as("asked shortly before for the first time")
                .isEmpty();
        assertThat(broken(told(0, true).through("b").pollAsOf(10_100, 1, 1, 10_100 - 1_285), promises))
                .as("another was asked all the time")
                .isEmpty();
    }

    @Test
    void copyMayBeAsOldAsTheMachineLetNobodyRun() {
        assertThat(broken(told(855, true), stalled(Duration.ofMillis(200), List.of())))
                .isEmpty();
        assertThat(broken(told(9_000, true), stalled(Duration.ZERO, List.of())))
                .as("nobody measured it")
                .isEmpty();
    }

    @Test
    void copyMayBeAsOldAsItsGatewayIsSlow() {
        Promises promises = stalled(Duration.ofMillis(10), List.of());
        Outcome late = new Outcome.Unavailable(true);

        assertThat(broken(told(1_750, true).add(Kind.JOIN, 8_000, 8_500, "w", 0, late), promises))
                .isEmpty();
        assertThat(broken(told(1_750, true).add(Kind.JOIN, 4_000, 4_500, "w", 0, late), promises))
                .as("long before")
                .containsExactly(Promise.POSITION);
        assertThat(broken(told(1_750, true).through("b").add(Kind.JOIN, 8_000, 8_500, "w", 0, late), promises))
                .as("another gateway")
                .containsExactly(Promise.POSITION);
        assertThat(broken(told(1_750, true).add(Kind.ADMIT, 8_000, 8_500, "v1", 1, new Outcome.Denied()), promises))
                .as("an admit that is held")
                .containsExactly(Promise.POSITION);
    }

    @Test
    void copyMayBeOldWhileSomethingIsBrokenAndShortlyAfter() {
        assertThat(broken(told(9_000, true), stalled(Duration.ofMillis(10), span(500, 1_000))))
                .isEmpty();
        assertThat(broken(told(9_000, true), stalled(Duration.ofMillis(10), span(11_000, 12_000))))
                .containsExactly(Promise.POSITION);
    }

    @Test
    void copyMayBeAsOldAsARecoveryAfterAMove() {
        Duration stall = Duration.ofMillis(10);
        Promises early = lasting(new FaultAllowances(
                Duration.ZERO, List.of(), List.of(), List.of(), List.of(), span(100, 200), List.of(), Map.of(), stall));
        Promises late = lasting(new FaultAllowances(
                Duration.ZERO,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                span(11_000, 12_000),
                List.of(),
                Map.of(),
                stall));

        assertThat(broken(told(9_000, true), early)).isEmpty();
        assertThat(broken(told(9_000, true), late)).containsExactly(Promise.POSITION);
    }

    // --- place ---

    @Test
    void ticketGivenToTwoVisitorsIsCaught() {
        assertThat(broken(new HistoryBuilder().join(0, "v1", 1).join(500, "w", 1)))
                .containsExactly(Promise.PLACE);
    }

    @Test
    void secondPlaceForOneVisitorIsCaught() {
        assertThat(broken(new HistoryBuilder().join(0, "v1", 1).join(500, "v1", 2)))
                .containsExactly(Promise.PLACE);
    }

    @Test
    void newPlaceAfterLeavingIsGood() {
        assertThat(broken(new HistoryBuilder().join(0, "v1", 1).left(500, 1).join(1_000, "v1", 2)))
                .isEmpty();
    }

    @Test
    void lostPlaceOfOneWhoPolledIsCaught() {
        assertThat(broken(new HistoryBuilder()
                        .joinAll(0, 1)
                        .poll(3_000, 1, 1, false)
                        .over(6_000, 1, State.EXPIRED)))
                .containsExactly(Promise.PLACE);
    }

    @Test
    void lostPlaceOfOneWhoWasSilentIsGood() {
        assertThat(broken(new HistoryBuilder().joinAll(0, 1).over(5_500, 1, State.EXPIRED)))
                .isEmpty();
    }

    @Test
    void lostPlaceAfterAnUnansweredLeaveIsGood() {
        HistoryBuilder story = new HistoryBuilder()
                .joinAll(0, 1)
                .add(Kind.LEAVE, 500, "v1", 1, new Outcome.Nothing())
                .over(2_000, 1, State.LEFT);

        assertThat(broken(story)).isEmpty();
    }

    /** Polls every 4 s, which is as told, with a ttl and a turn of 5 s. */
    private static HistoryBuilder polls(boolean ready) {
        HistoryBuilder story = new HistoryBuilder().joinAll(0, 1);
        for (long at = 1_000; at < 40_000; at += 4_000) {
            story.pollTold(at, 1, 1, ready, OptionalLong.of(1), 4_000);
        }
        return story;
    }

    private static final Promises SHORT_TURNS = Promises.of(10, 5, Duration.ofSeconds(5), Duration.ofSeconds(5));

    @Test
    void placeOfOneWhoPollsWhenToldIsNeverLostToATurn() {
        assertThat(broken(polls(false).over(41_000, 1, State.EXPIRED), SHORT_TURNS))
                .containsExactly(Promise.PLACE);
    }

    @Test
    void placeOfOneWhoPollsLaterThanToldMayBeLost() {
        assertThat(broken(polls(false).over(43_500, 1, State.EXPIRED), SHORT_TURNS))
                .isEmpty();
    }

    @Test
    void turnOfOneWhoIsToldToEnterAndDoesNotMayEnd() {
        assertThat(broken(polls(true).over(41_000, 1, State.EXPIRED), SHORT_TURNS))
                .isEmpty();
    }

    // --- estimates ---

    /** Ten wait; the last is told this at this time, and again every two seconds. 1/s, from 10 s on 1 in 20 s. */
    private static HistoryBuilder estimates(long... secondsFromTwelveOn) {
        HistoryBuilder story = new HistoryBuilder().joinAll(0, 10);
        for (long at = 1_000; at < 60_000; at += 1_000) {
            for (int ticket = 1; ticket < 10; ticket++) {
                story.pollTold(
                        at + ticket,
                        ticket,
                        ticket,
                        false,
                        OptionalLong.of(at < 10_000 ? ticket : ticket * 20L),
                        1_000);
            }
        }
        for (int i = 0; i < secondsFromTwelveOn.length; i++) {
            OptionalLong eta =
                    secondsFromTwelveOn[i] < 0 ? OptionalLong.empty() : OptionalLong.of(secondsFromTwelveOn[i]);
            story.pollTold(12_000 + i * 2_000L, 10, 10, false, eta, 2_000);
        }
        return story;
    }

    private static final Promises SLOWER = Promises.of(
            List.of(new Limit(0, 1, 1), new Limit(HistoryBuilder.micros(10_000), 0.05, 1)),
            Duration.ofSeconds(60),
            Duration.ofMinutes(15),
            Duration.ofMinutes(2));

    @Test
    void estimateOfPositionAndRateIsGood() {
        assertThat(broken(estimates(200, 198, 196, 194, 192), SLOWER)).isEmpty();
        assertThat(Checker.judgedEstimates(estimates(200, 198, 196, 194, 192).end(), SLOWER))
                .isPositive();
    }

    @Test
    void estimateByAnOldRateIsCaughtFiveSecondsAfterTheChange() {
        assertThat(broken(estimates(10, 8, 196, 194, 192), SLOWER)).isEmpty();
        assertThat(broken(estimates(10, 8, 6, 194, 192), SLOWER)).containsExactly(Promise.ETA);
    }

    @Test
    void estimateThatIsTooHighIsCaught() {
        assertThat(broken(estimates(200, 198, 196, 194, 800), SLOWER)).containsExactly(Promise.ETA);
    }

    @Test
    void estimateThatSwingsIsCaught() {
        assertThat(broken(estimates(200, 198, 196, 56, 190), SLOWER)).containsExactly(Promise.ETA);
        assertThat(broken(estimates(200, 198, 80, 78, 76), SLOWER)).isEmpty();
    }

    @Test
    void noEstimateIsCaughtWhereNothingIsOnHoldOrRecovering() {
        assertThat(broken(estimates(200, 198, 196, -1), SLOWER)).containsExactly(Promise.ETA);
        assertThat(broken(estimates(200, -1), SLOWER)).isEmpty();
    }

    @Test
    void noEstimateIsJudgedWhereSomethingIsBroken() {
        Promises broken =
                SLOWER.withOutages(List.of(new Span(HistoryBuilder.micros(11_000), HistoryBuilder.micros(11_100))));

        assertThat(broken(estimates(10, 8, 6, 4, 2), broken)).isEmpty();
    }

    @Test
    void estimateIsHeldAgainstTheAdmissionOfOneWhoPollsWhenTold() {
        HistoryBuilder story = new HistoryBuilder().joinAll(0, 3);
        for (long at = 1_000; at < 20_000; at += 1_000) {
            story.pollTold(at, 3, 3, false, OptionalLong.of(30), 1_000);
        }

        assertThat(broken(story.granted(20_000, 3), ONE_IN_TEN_SECONDS)).containsExactly(Promise.ETA);
    }

    @Test
    void estimateOfACrowdThatHasJustJoinedMayCountAllOfThem() {
        assertThat(broken(tooLongUntil(14_000), ONE_IN_TEN_SECONDS)).isEmpty();
        assertThat(broken(tooLongUntil(18_000), ONE_IN_TEN_SECONDS)).containsExactly(Promise.ETA);
    }

    /** Two of three never poll. The third is told 60 s until then. */
    private static HistoryBuilder tooLongUntil(long millis) {
        HistoryBuilder story = new HistoryBuilder().joinAll(0, 3);
        for (long at = 1_000; at < 20_000; at += 1_000) {
            story.pollTold(at, 3, 3, false, OptionalLong.of(at <= millis ? 60 : 10), 1_000);
        }
        return story.granted(20_000, 3);
    }

    /** After a move to another Redis and back without copies: that it waits again is a matter of another promise. */
    @Test
    void estimateIsNotHeldAgainstAnEarlierAdmission() {
        Promises promises = ONE_IN_TEN_SECONDS;
        HistoryBuilder story = new HistoryBuilder().joinAll(0, 1).granted(1_000, 1);
        for (long at = 40_000; at < 43_000; at += 1_000) {
            story.pollTold(at, 1, 1, true, OptionalLong.of(0), 1_000);
        }

        assertThat(broken(story, promises)).contains(Promise.ONCE).doesNotContain(Promise.ETA);
    }

    private static Promises afterAMove(Promises promises) {
        return promises.withAllowances(new FaultAllowances(
                Duration.ZERO,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                span(5_000, 20_000),
                List.of(),
                Map.of(),
                Duration.ZERO));
    }

    /** A ticket of the other Redis came back between the two polls. */
    @Test
    void positionMayGrowAfterAMoveToAnotherRedis() {
        HistoryBuilder story = new HistoryBuilder()
                .joinAll(0, 2)
                .poll(40_000, 2, 1, false)
                .poll(41_000, 1, 1, false)
                .poll(42_000, 2, 2, false);

        assertThat(broken(story, afterAMove(LASTING))).doesNotContain(Promise.POSITION);
        assertThat(broken(story, LASTING)).contains(Promise.POSITION);
    }

    /** Such tickets come back one by one, with the polls of their visitors. */
    @Test
    void positionMayGrowAfterAnEarlierAdmission() {
        Promises promises = afterAMove(ONE_IN_TEN_SECONDS);
        HistoryBuilder story = new HistoryBuilder()
                .joinAll(0, 2)
                .granted(1_000, 1)
                .granted(1_100, 2)
                .poll(40_000, 2, 1, false)
                .poll(41_000, 1, 1, false)
                .poll(42_000, 2, 2, false);

        assertThat(broken(story, promises)).contains(Promise.ONCE).doesNotContain(Promise.POSITION);
    }

    /** Such a ticket's return begins an epoch: while that recovers, nobody is told an estimate. */
    @Test
    void estimateMayBeMissingAfterAnEarlierAdmission() {
        Promises promises = ONE_IN_TEN_SECONDS;
        HistoryBuilder story = new HistoryBuilder().joinAll(0, 1).granted(1_000, 1);
        for (long at = 40_000; at < 43_000; at += 1_000) {
            story.pollTold(at, 1, 1, false, OptionalLong.empty(), 1_000);
        }

        assertThat(broken(story, promises)).contains(Promise.ONCE).doesNotContain(Promise.ETA);
    }

    // --- without Redis ---

    @Test
    void honestAnswersWithoutRedisAreGood() {
        HistoryBuilder story = new HistoryBuilder()
                .joinAll(0, 1)
                .pollAsOf(5_000, 1, 1, 2_000)
                .add(Kind.ADMIT, 5_100, 5_900, "v1", 1, new Outcome.Unavailable(true));

        assertThat(broken(story, withOutage(2_000, 10_000))).isEmpty();
    }

    @Test
    void slowSilentOrDishonestAnswersWithoutRedisAreCaught() {
        Promises outage = withOutage(2_000, 10_000);
        HistoryBuilder begun = new HistoryBuilder().joinAll(0, 1);

        assertThat(broken(begun.add(Kind.ADMIT, 5_000, 6_100, "v1", 1, new Outcome.Unavailable(true)), outage))
                .containsExactly(Promise.WITHOUT_REDIS);
        assertThat(broken(
                        new HistoryBuilder()
                                .joinAll(0, 1)
                                .add(Kind.JOIN, 5_000, "w", 0, new Outcome.Unavailable(false)),
                        outage))
                .containsExactly(Promise.WITHOUT_REDIS);
        assertThat(broken(new HistoryBuilder().joinAll(0, 1).pollAsOf(5_000, 1, 1, 4_900), outage))
                .containsExactly(Promise.WITHOUT_REDIS);
        assertThat(broken(
                        new HistoryBuilder()
                                .joinAll(0, 1)
                                .poll(1_000, 1, 1, false)
                                .add(Kind.POLL, 5_000, "v1", 1, new Outcome.Unavailable(true)),
                        outage))
                .as("a gateway that has a copy of the line")
                .containsExactly(Promise.WITHOUT_REDIS);
    }

    @Test
    void answerThatNoVisitorShouldGetIsCaughtAndMayHaveHadItsEffect() {
        HistoryBuilder story = new HistoryBuilder()
                .joinAll(0, 2)
                .add(Kind.JOIN, 100, "w", 0, new Outcome.Unexpected("500 INTERNAL"))
                .join(200, "v4", 4)
                .add(Kind.ADMIT, 1_000, "v1", 1, new Outcome.Unexpected("500 INTERNAL"))
                .over(1_500, 1, State.ADMITTED)
                .poll(2_000, 4, 3, false);

        assertThat(Checker.judge(story.end(), PROMISES))
                .extracting(Violation::promise, Violation::what)
                .containsExactly(
                        tuple(Promise.ANSWER, "JOIN of w was answered 500 INTERNAL"),
                        tuple(Promise.ANSWER, "ADMIT of v1 was answered 500 INTERNAL"));
    }

    @Test
    void gatewayThatWasStartedWithoutRedisHasNothingToTell() {
        assertThat(broken(
                        new HistoryBuilder()
                                .joinAll(0, 1)
                                .add(Kind.POLL, 5_000, "v1", 1, new Outcome.Unavailable(true)),
                        withOutage(2_000, 10_000)))
                .isEmpty();
    }

    // --- what faults leave open ---

    private static Promises with(FaultAllowances allowed) {
        return PROMISES.withAllowances(allowed);
    }

    @Test
    void silentVisitorWhomAMovePutBackMayBeGoneAgain() {
        HistoryBuilder story = new HistoryBuilder()
                .joinAll(0, 1)
                .pollTold(20_000, 1, 1, false, OptionalLong.of(1), 1_000)
                .pollTold(21_000, 1, 1, false, OptionalLong.of(1), 1_000)
                .over(22_000, 1, State.EXPIRED);

        assertThat(broken(story, afterAMove(PROMISES))).doesNotContain(Promise.PLACE);
        assertThat(broken(story, PROMISES)).contains(Promise.PLACE);
    }

    private static FaultAllowances free(List<Span> losses, List<Span> amnesias, List<FaultAllowances.Refill> refills) {
        return new FaultAllowances(
                Duration.ZERO, amnesias, amnesias, losses, amnesias, List.of(), refills, Map.of(), Duration.ZERO);
    }

    private static List<Span> span(long from, long until) {
        return List.of(new Span(HistoryBuilder.micros(from), HistoryBuilder.micros(until)));
    }

    @Test
    void grantThatEveryoneForgotMayBeGivenAgainAsTheSameReservation() {
        HistoryBuilder story = admittedAt(1_000)
                .poll(4_000, 1, 1, true)
                .granted(4_500, 1, "r1", 1_700_000_004)
                .granted(4_600, 1, "r1", 1_700_000_004);

        assertThat(broken(story, with(free(List.of(), span(1_500, 3_000), List.of()))))
                .isEmpty();
        assertThat(broken(story, with(free(List.of(), span(4_520, 5_000), List.of()))))
                .contains(Promise.ONCE);
    }

    @Test
    void grantThatEveryoneForgotIsNeverAnotherReservation() {
        assertThat(broken(
                        admittedAt(1_000).granted(4_500, 1, "other", 1_700_000_004),
                        with(free(List.of(), span(1_500, 3_000), List.of()))))
                .containsExactly(Promise.ONCE);
    }

    @Test
    void admissionThatEveryoneForgotMayBeGone() {
        HistoryBuilder story = admittedAt(1_000).over(4_000, 1, State.EXPIRED);

        assertThat(broken(story, with(free(List.of(), span(1_500, 3_000), List.of()))))
                .isEmpty();
        assertThat(broken(story, with(free(List.of(), span(4_500, 5_000), List.of()))))
                .containsExactly(Promise.ONCE);
    }

    @Test
    void grantIsForgottenOnceALoss() {
        HistoryBuilder story =
                admittedAt(1_000).granted(4_500, 1, "r1", 1_700_000_004).granted(6_500, 1, "r1", 1_700_000_006);

        assertThat(broken(story, with(free(List.of(), span(1_500, 3_000), List.of()))))
                .contains(Promise.ONCE);
    }

    @Test
    void placesThatComeBackOneByOneMayGrowAPosition() {
        HistoryBuilder story =
                new HistoryBuilder().joinAll(0, 3).poll(2_000, 3, 1, false).poll(2_500, 3, 3, false);

        assertThat(broken(story, with(free(List.of(), span(500, 1_500), List.of()))))
                .isEmpty();
        assertThat(broken(story)).containsOnly(Promise.POSITION);
    }

    @Test
    void placesComeBackForAsLongOnceMoreWhereRedisLosesSomethingMeanwhile() {
        // Until 1.5 s, a ttl of 5 s and 310 s more.
        HistoryBuilder story = new HistoryBuilder().joinAll(0, 3);
        for (long at = 2_000; at < 318_000; at += 2_000) {
            story.poll(at, 2, 2, false).poll(at, 3, 3, false);
        }
        story.poll(318_000, 3, 1, false).poll(318_500, 3, 3, false);

        assertThat(broken(story, with(free(List.of(), span(500, 1_500), List.of()))))
                .containsOnly(Promise.POSITION);
        assertThat(broken(story, with(free(span(314_000, 316_000), span(500, 1_500), List.of()))))
                .isEmpty();
        assertThat(broken(story, with(free(span(316_600, 316_700), span(500, 1_500), List.of()))))
                .as("all had come back, or never will")
                .containsOnly(Promise.POSITION);
    }

    @Test
    void ticketOfALostLineIsStillNobodyElses() {
        assertThat(broken(
                        new HistoryBuilder().join(0, "v1", 1).join(4_000, "w", 1),
                        with(free(span(1_000, 2_000), span(1_000, 2_000), List.of()))))
                .containsExactly(Promise.PLACE);
    }

    @Test
    void nameThatRedisLostMayGetAnotherPlace() {
        HistoryBuilder story = new HistoryBuilder().join(0, "v1", 1).join(1_500, "v1", 2);

        assertThat(broken(story, with(free(span(500, 1_000), List.of(), List.of()))))
                .isEmpty();
        assertThat(broken(story, with(free(span(2_000, 3_000), List.of(), List.of()))))
                .containsExactly(Promise.PLACE);
    }

    @Test
    void jumpOfRedisClockRefillsAsMuchAsItSaysAndNoMore() {
        HistoryBuilder story = admittedAt(1_000, 1_001, 1_002, 1_003, 1_004, 1_021, 1_022, 1_023);
        var refill =
                new FaultAllowances.Refill(new Span(HistoryBuilder.micros(1_015), HistoryBuilder.micros(1_015)), 3);
        var less = new FaultAllowances.Refill(new Span(HistoryBuilder.micros(1_015), HistoryBuilder.micros(1_015)), 1);
        var later = new FaultAllowances.Refill(new Span(HistoryBuilder.micros(2_000), HistoryBuilder.micros(2_000)), 3);

        assertThat(broken(story, with(free(List.of(), List.of(), List.of(refill)))))
                .isEmpty();
        assertThat(broken(story, with(free(List.of(), List.of(), List.of(less)))))
                .containsExactly(Promise.RATE);
        assertThat(broken(story, with(free(List.of(), List.of(), List.of(later)))))
                .containsExactly(Promise.RATE);
    }

    @Test
    void gatewayThatIsAskedForTheFirstTimeMustNotGuessEither() {
        assertThat(broken(admittedAt(1_000).through("b").poll(2_000, 1, 1, true)))
                .contains(Promise.ONCE);
    }
}
