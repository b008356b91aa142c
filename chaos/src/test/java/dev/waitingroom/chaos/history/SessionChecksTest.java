package dev.waitingroom.chaos.history;

import static dev.waitingroom.chaos.history.HistoryBuilder.micros;
import static org.assertj.core.api.Assertions.assertThat;

import dev.waitingroom.chaos.history.SessionEvent.Kind;
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

/** Histories of rooms that limit active sessions. */
class SessionChecksTest {
    private static final Promises ROOM = Promises.of(10, 5, Duration.ofSeconds(60), Duration.ofMinutes(15));

    private static final SessionOutcome PASSED = new SessionOutcome.Passed(OptionalLong.empty());

    /** Sessions of 20 s, and reservations of 5 s. */
    private static PolicyInForce policy(long at, Mode mode, Optional<Integer> cap) {
        return policy(at, mode, cap, 20);
    }

    private static PolicyInForce policy(long at, Mode mode, Optional<Integer> cap, long sessionSeconds) {
        return new PolicyInForce(
                micros(at),
                micros(at),
                mode,
                10,
                5,
                ROOM.ttl(),
                ROOM.turnTtl(),
                Duration.ofSeconds(5),
                cap.map(most -> new SessionCap(most, Duration.ofSeconds(sessionSeconds))));
    }

    private static Promises room(PolicyInForce... policies) {
        return ROOM.withPolicies(new PolicyTimeline(List.of(policies)));
    }

    private static Promises capped(int cap) {
        return room(policy(0, Mode.QUEUE, Optional.of(cap)));
    }

    private static List<String> found(HistoryBuilder story, Promises promises, Promise promise) {
        return Checker.judge(story.end(), promises).stream()
                .filter(violation -> violation.promise() == promise)
                .map(Violation::what)
                .toList();
    }

    private static List<String> tooMany(HistoryBuilder story, Promises promises) {
        return found(story, promises, Promise.ACTIVE);
    }

    private static List<String> letIn(HistoryBuilder story, Promises promises) {
        return found(story, promises, Promise.ADMISSION);
    }

    private static List<String> idle(HistoryBuilder story, Promises promises) {
        return found(story, promises, Promise.IDLE);
    }

    private static HistoryBuilder admittedAt(long... millis) {
        HistoryBuilder story = new HistoryBuilder().joinAll(0, millis.length);
        for (int i = 0; i < millis.length; i++) {
            story.granted(millis[i], i + 1);
        }
        return story;
    }

    private static Promises lost(Promises promises, long from, long until) {
        return promises.withAllowances(new FaultAllowances(
                Duration.ZERO,
                List.of(),
                List.of(),
                List.of(new Span(micros(from), micros(until))),
                List.of(),
                List.of(),
                List.of(),
                Map.of(),
                Duration.ZERO));
    }

    private static Promises disturbed(Promises promises, long from, long until) {
        return promises.withAllowances(new FaultAllowances(
                Duration.ZERO,
                List.of(new Span(micros(from), micros(until))),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                Map.of(),
                Duration.ZERO));
    }

    // --- active ---

    @Test
    void loweredCapEndsNoSessionButAdmitsNobody() {
        Promises lowered = room(policy(0, Mode.QUEUE, Optional.of(3)), policy(10_000, Mode.QUEUE, Optional.of(1)));

        assertThat(tooMany(admittedAt(5_000, 5_500, 6_000), lowered)).isEmpty();
        assertThat(tooMany(admittedAt(5_000, 5_500, 13_000), lowered))
                .containsExactly("3 sessions are active, though at most 1 may be");
    }

    @Test
    void eitherCapMayBeInForceForTwoSecondsAfterAChange() {
        Promises lowered = room(policy(0, Mode.QUEUE, Optional.of(3)), policy(10_000, Mode.QUEUE, Optional.of(1)));

        assertThat(tooMany(admittedAt(5_000, 5_500, 11_900), lowered)).isEmpty();
    }

    @Test
    void sessionsFromBeforeTheCapDoNotCount() {
        Promises set = room(policy(0, Mode.QUEUE, Optional.empty()), policy(10_000, Mode.QUEUE, Optional.of(1)));

        assertThat(tooMany(admittedAt(5_000, 5_500, 13_000), set)).isEmpty();
        assertThat(tooMany(admittedAt(5_000, 5_500, 13_000, 14_000), set)).hasSize(1);
    }

    @Test
    void sessionsFromBeforeTheCapWasRemovedDoNotCount() {
        Promises again = room(
                policy(0, Mode.QUEUE, Optional.of(1)),
                policy(6_000, Mode.QUEUE, Optional.empty()),
                policy(7_000, Mode.QUEUE, Optional.of(1)));

        assertThat(tooMany(admittedAt(5_000, 10_000), again)).isEmpty();
    }

    @Test
    void modePassAdmitsPastTheCapButItsSessionsCount() {
        Promises passing = room(policy(0, Mode.PASS, Optional.of(2)), policy(8_000, Mode.QUEUE, Optional.of(2)));

        assertThat(tooMany(admittedAt(5_000, 5_500, 6_000), passing)).isEmpty();
        assertThat(tooMany(admittedAt(5_000, 5_500, 11_000), passing))
                .containsExactly("3 sessions are active, though at most 2 may be");
    }

    @Test
    void placeOfASessionThatEndedMayBeTaken() {
        assertThat(tooMany(admittedAt(1_000, 3_000), capped(1))).hasSize(1);
        assertThat(tooMany(admittedAt(1_000, 3_000).ended(2_000, 1, 21_000), capped(1)))
                .isEmpty();
    }

    @Test
    void placeOfASessionMayBeFreeAsSoonAsSomebodyTriesToEndIt() {
        HistoryBuilder story =
                admittedAt(1_000, 3_000).session(Kind.END, 2_000, 1, 21_000, new SessionOutcome.Unknown());

        assertThat(tooMany(story, capped(1))).isEmpty();
    }

    @Test
    void sessionKeepsItsPlaceForAsLongAsItsCookieLasts() {
        assertThat(tooMany(admittedAt(1_000, 22_000), capped(1))).isEmpty();
        assertThat(tooMany(admittedAt(1_000, 22_000).renewed(15_000, 1, 21_000, 35_000), capped(1)))
                .hasSize(1);
    }

    @Test
    void sessionsThatOnlyAnotherRedisKnowsDoNotCount() {
        Promises promoted =
                capped(1).withSessions(new SessionAllowances(List.of(new Span(micros(500), micros(2_000))), List.of()));

        assertThat(tooMany(admittedAt(1_000, 3_000), promoted)).isEmpty();
        assertThat(tooMany(admittedAt(2_100, 3_000), promoted)).hasSize(1);
    }

    @Test
    void lossLeavesOnlyTheSessionTimeOfThen() {
        Promises shortened = room(policy(0, Mode.QUEUE, Optional.of(1)), policy(4_000, Mode.QUEUE, Optional.of(1), 5));

        assertThat(tooMany(admittedAt(1_000, 15_000), shortened)).hasSize(1);
        assertThat(tooMany(admittedAt(1_000, 15_000), lost(shortened, 8_000, 9_000)))
                .isEmpty();
        assertThat(tooMany(admittedAt(1_000, 12_000), lost(shortened, 8_000, 9_000)))
                .hasSize(1);
    }

    // --- in without admission ---

    @Test
    void visitOfAnAdmittedVisitorIsGood() {
        HistoryBuilder story = admittedAt(1_000)
                .session(Kind.BEGIN, 1_100, 1, 0, new SessionOutcome.Passed(OptionalLong.of(micros(21_000))))
                .renewed(5_000, 1, 21_000, 25_000)
                .ended(6_000, 1, 25_000)
                .session(Kind.USE, 9_000, 1, 25_000, new SessionOutcome.KeptOut())
                .session(Kind.FORGE, 9_500, 1, 25_000, new SessionOutcome.KeptOut());

        assertThat(letIn(story, capped(1))).isEmpty();
    }

    @Test
    void visitorWhoOnlyWaitsIsNotLetIn() {
        HistoryBuilder story =
                new HistoryBuilder().joinAll(0, 1).used(1_000, 1, 21_000).poll(2_000, 1, 1, false);

        assertThat(letIn(story, capped(1))).containsExactly("ticket 1 was let in without admission");
        assertThat(letIn(new HistoryBuilder().joinAll(0, 1).used(1_000, 7, 21_000), capped(1)))
                .containsExactly("ticket 7 was let in without admission");
    }

    @Test
    void forgedCookieIsNotLetIn() {
        HistoryBuilder story = admittedAt(1_000).session(Kind.FORGE, 2_000, 1, 21_000, PASSED);

        assertThat(letIn(story, capped(1)))
                .containsExactly("ticket 1 was let in with a cookie that no gateway made for this room");
        assertThat(letIn(story, disturbed(capped(1), 0, 10_000))).hasSize(1);
    }

    @Test
    void expiredCookieIsNotLetIn() {
        assertThat(letIn(admittedAt(1_000).used(20_999, 1, 21_000), capped(1))).isEmpty();
        assertThat(letIn(admittedAt(1_000).used(22_000, 1, 21_000), capped(1)))
                .containsExactly("ticket 1 was let in 1.0 s after its session expired");
    }

    @Test
    void sessionEndsByTheClockOfTheGateway() {
        Promises wrong =
                capped(1).withSessions(new SessionAllowances(List.of(), List.of(new Span(micros(0), micros(30_000)))));

        assertThat(letIn(admittedAt(1_000).used(22_000, 1, 21_000), wrong)).isEmpty();
    }

    @Test
    void copyOfACookieIsNotLetInOnceTheSessionHasEnded() {
        assertThat(letIn(admittedAt(1_000).ended(3_000, 1, 21_000).used(4_200, 1, 21_000), capped(1)))
                .isEmpty();
        assertThat(letIn(admittedAt(1_000).ended(3_000, 1, 21_000).used(4_510, 1, 21_000), capped(1)))
                .containsExactly("ticket 1 was let in 1.5 s after its session was ended");
    }

    @Test
    void gatewayThatAFaultHitMayNotKnowThatASessionHasEnded() {
        HistoryBuilder story = admittedAt(1_000).ended(3_000, 1, 21_000).used(6_000, 1, 21_000);

        assertThat(letIn(story, disturbed(capped(1), 4_000, 5_000))).isEmpty();
    }

    @Test
    void roomWithoutACapKeepsNoListOfSessions() {
        HistoryBuilder story = admittedAt(1_000).ended(3_000, 1, 21_000).used(6_000, 1, 21_000);

        assertThat(letIn(story, room(policy(0, Mode.QUEUE, Optional.empty())))).isEmpty();
    }

    @Test
    void cookieLastsNoLongerThanThePlace() {
        HistoryBuilder begun = admittedAt(1_000)
                .session(Kind.BEGIN, 3_000, 1, 0, new SessionOutcome.Passed(OptionalLong.of(micros(23_000))));

        assertThat(letIn(begun, capped(1)))
                .containsExactly("ticket 1 was given a cookie that lasts 2.0 s longer than its place");
        assertThat(letIn(admittedAt(1_000).renewed(3_000, 1, 21_000, 23_000), capped(1)))
                .isEmpty();
        assertThat(letIn(admittedAt(1_000).renewed(3_000, 1, 21_000, 26_000), capped(1)))
                .hasSize(1);
    }

    @Test
    void answerThatTheRouteCheckShouldNotGiveIsSeen() {
        HistoryBuilder story =
                admittedAt(1_000).session(Kind.USE, 2_000, 1, 21_000, new SessionOutcome.Unexpected("503: "));

        assertThat(found(story, capped(1), Promise.ANSWER)).containsExactly("USE of ticket 1 was answered 503: ");
    }

    @Test
    void placeMayBeGoneOnceItsSessionHasEnded() {
        HistoryBuilder story = admittedAt(1_000).over(3_000, 1, Outcome.State.EXPIRED);

        assertThat(found(story, capped(1), Promise.ONCE)).hasSize(1);
        assertThat(found(story.ended(2_000, 1, 21_000), capped(1), Promise.ONCE))
                .isEmpty();
    }

    // --- idle ---

    /** Ticket 1 is admitted at once and uses its session until 5 s. Ticket 2 polls twice a second. */
    private static HistoryBuilder waitingUntil(long until) {
        HistoryBuilder story =
                new HistoryBuilder().joinAll(0, 2).granted(500, 1).used(5_000, 1, 20_500);
        for (long at = 1_000; at <= until; at += 500) {
            story.poll(at, 2, 1, false);
        }
        return story;
    }

    @Test
    void freePlaceIsGivenWithinTenSeconds() {
        HistoryBuilder story = waitingUntil(37_000);

        assertThat(idle(story, capped(1)))
                .containsExactly(
                        "nobody was admitted for 36.0 s, though ticket 2 waited and at most 0 of 1 places were taken");
        assertThat(idle(story.granted(34_900, 2), capped(1))).isEmpty();
    }

    @Test
    void placeOfASessionIsFreeOnceItHasEnded() {
        assertThat(idle(waitingUntil(17_000), capped(1))).isEmpty();
        assertThat(idle(waitingUntil(17_000).ended(6_000, 1, 20_500), capped(1)))
                .hasSize(1);
    }

    @Test
    void everyCallThatMayHaveAdmittedTakesAPlace() {
        HistoryBuilder story = waitingUntil(37_000).add(Event.Kind.ENTER, 15_000, "v9", 0, new Outcome.Nothing());

        assertThat(idle(story, capped(1))).isEmpty();
        assertThat(idle(story, capped(2))).as("before the call and after it").hasSize(2);
    }

    @Test
    void roomMayCountAsFullAfterALoss() {
        assertThat(idle(waitingUntil(37_000), lost(capped(1), 3_000, 4_000))).isEmpty();
    }

    @Test
    void roomOnHoldAndRoomWithoutACapMayRest() {
        assertThat(idle(waitingUntil(37_000), room(policy(0, Mode.HOLD, Optional.of(1)))))
                .isEmpty();
        assertThat(idle(waitingUntil(37_000), room(policy(0, Mode.QUEUE, Optional.empty()))))
                .isEmpty();
    }

    @Test
    void roomWhosePolicyChangesMayRest() {
        PolicyInForce[] changing = Stream.iterate(0L, at -> at + 8_000)
                .limit(5)
                .map(at -> policy(at, Mode.QUEUE, Optional.of((int) (1 + at / 8_000))))
                .toArray(PolicyInForce[]::new);

        assertThat(idle(waitingUntil(37_000), room(changing))).isEmpty();
    }

    @Test
    void visitorWhoDoesNotAskNeedNotBeAdmitted() {
        HistoryBuilder story = new HistoryBuilder()
                .joinAll(0, 2)
                .granted(500, 1)
                .poll(1_000, 2, 1, false)
                .poll(37_000, 2, 1, false);

        assertThat(idle(story, capped(1))).isEmpty();
    }
}
