package dev.waitingroom.chaos.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waitingroom.chaos.fault.Fault;
import dev.waitingroom.chaos.fault.Injection;
import dev.waitingroom.chaos.fault.Injection.Effect;
import dev.waitingroom.chaos.history.FaultAllowances;
import dev.waitingroom.chaos.history.Promises;
import dev.waitingroom.chaos.history.Span;
import dev.waitingroom.chaos.site.TendedRooms.Written;
import dev.waitingroom.queue.policy.Mode;
import dev.waitingroom.queue.policy.Policy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class AllowanceCalculatorTest {
    private static final Span TIME = new Span(5_000_000, 9_000_000);

    private static Policy policy(long generation, Mode mode) {
        return policy(generation, mode, 10);
    }

    private static Policy policy(long generation, Mode mode, int rate) {
        return new Policy(
                "sale",
                7,
                generation,
                mode,
                rate,
                Duration.ofSeconds(1),
                5,
                Duration.ofSeconds(20),
                Duration.ofSeconds(60),
                OptionalLong.empty(),
                Duration.ofMinutes(5),
                "");
    }

    private static final List<Written> ONE_POLICY = List.of(new Written(policy(1, Mode.QUEUE), 0, 0));

    private static Injection injection(Fault fault, Effect effect) {
        return injection(fault, effect, Duration.ZERO);
    }

    private static Injection injection(Fault fault, Effect effect, Duration jump) {
        return new Injection(fault, "", TIME, new Span(TIME.from(), TIME.from()), effect, jump, List.of(), List.of());
    }

    private static Promises promises(List<Written> policies, Injection... injections) {
        return AllowanceCalculator.promises(policies, List.of(injections), Duration.ZERO);
    }

    @Test
    void sessionsMayBeElsewhereIfAnotherPrimaryOrRedisServed() {
        assertThat(elsewhere(injection(Fault.PRIMARY_PAUSED, Effect.NAMES)))
                .containsExactly(new Span(TIME.from() - 3_000_000, TIME.until()));
        assertThat(elsewhere(injection(Fault.LINK_DELAYED, Effect.NAMES)))
                .as("a replica was promoted without being asked to")
                .hasSize(1);
        assertThat(elsewhere(injection(Fault.FLUSHALL, Effect.NAMES))).isEmpty();
        assertThat(elsewhere(injection(Fault.LINK_DELAYED, Effect.NOTHING))).isEmpty();
    }

    private static List<Span> elsewhere(Injection injection) {
        return promises(ONE_POLICY, injection).sessions().elsewhere();
    }

    @Test
    void sessionsAreNotJudgedByAWrongClock() {
        assertThat(promises(ONE_POLICY, injection(Fault.GATEWAY_CLOCK, Effect.NOTHING))
                        .sessions()
                        .wrongClocks())
                .containsExactly(TIME);
    }

    @Test
    void whatHitsRedisLeavesEverybodysOrderOpen() {
        assertThat(promises(ONE_POLICY, injection(Fault.REDIS_PAUSED, Effect.NOTHING))
                        .allowances()
                        .unordered())
                .containsExactly(TIME);
    }

    @Test
    void whatHitsAGatewayLeavesNobodysOrderOpenUnlessRedisLostSomethingToo() {
        assertThat(promises(ONE_POLICY, injection(Fault.GATEWAY_KILLED, Effect.NOTHING))
                        .allowances()
                        .unordered())
                .isEmpty();
        assertThat(promises(ONE_POLICY, injection(Fault.GATEWAY_KILLED, Effect.NAMES))
                        .allowances()
                        .unordered())
                .containsExactly(TIME);
    }

    @Test
    void holdLeavesTheOrderOfItsRoomOpenAndOfNoOther() {
        Injection held = injection(Fault.HELD, Effect.NOTHING);

        assertThat(promises(ONE_POLICY, held).allowances().unordered()).isEmpty();
        assertThat(promises(
                                List.of(
                                        ONE_POLICY.getFirst(),
                                        new Written(policy(2, Mode.HOLD), 5_500_000, 6_000_000),
                                        new Written(policy(3, Mode.QUEUE), 8_000_000, 8_500_000)),
                                held)
                        .allowances()
                        .unordered())
                .containsExactly(new Span(5_500_000, 8_500_000));
    }

    @Test
    void whatAGatewayHeardInItsLastSecondMayBeForgotten() {
        Injection killed = new Injection(
                Fault.GATEWAY_KILLED, "", TIME, TIME, Effect.NOTHING, Duration.ZERO, List.of("pod-2#1"), List.of());

        assertThat(promises(ONE_POLICY, killed).allowances().unheard())
                .containsExactly(Map.entry("pod-2#1", TIME.from() - 1_000_000));
    }

    @Test
    void stampsAreJudgedByOneClock() {
        Injection lost = injection(Fault.FLUSHALL, Effect.NAMES);
        Injection jump = injection(Fault.REDIS_CLOCK, Effect.NOTHING, Duration.ofSeconds(2));
        List<Written> twoRates =
                List.of(ONE_POLICY.getFirst(), new Written(policy(2, Mode.QUEUE, 20), 5_000_000, 6_000_000));

        assertThat(AllowanceCalculator.stamps(ONE_POLICY, List.of(lost))).isPresent();
        assertThat(AllowanceCalculator.stamps(ONE_POLICY, List.of(jump)))
                .hasValueSatisfying(
                        promises -> assertThat(promises.allowances().refills()).isEmpty());
        assertThat(AllowanceCalculator.stamps(twoRates, List.of(lost))).isPresent();
        assertThat(AllowanceCalculator.stamps(ONE_POLICY, List.of(jump, lost))).isEmpty();
        assertThat(AllowanceCalculator.stamps(twoRates, List.of(jump))).isEmpty();
    }

    @Test
    void changedPolicyLeavesNothingOpenButItsMoment() {
        for (Fault fault : List.of(Fault.POLICY_CHANGED, Fault.RATE_LOWERED, Fault.RATE_RAISED)) {
            assertThat(promises(ONE_POLICY, injection(fault, Effect.NOTHING)).allowances())
                    .isEqualTo(promises(ONE_POLICY).allowances());
        }
    }

    @Test
    void modePassLeavesTheOrderOpenWhileItMayBeInForce() {
        assertThat(promises(List.of(
                                ONE_POLICY.getFirst(),
                                new Written(policy(2, Mode.PASS), 5_500_000, 6_000_000),
                                new Written(policy(3, Mode.QUEUE), 8_000_000, 8_500_000)))
                        .allowances()
                        .unordered())
                .containsExactly(new Span(5_500_000, 8_500_000));
    }

    @Test
    void twoRedisAtOnceGiveASecondBucketWhileGatewaysAreApart() {
        Span apart = new Span(TIME.from(), TIME.from() + 2_000_000);
        Injection moved = new Injection(
                Fault.REDIS_MOVED, "", TIME, TIME, Effect.EVERYTHING, Duration.ZERO, List.of(), List.of(apart));

        assertThat(promises(List.of(new Written(policy(1, Mode.QUEUE, 20), 0, 0)), moved)
                        .allowances()
                        .refills())
                .containsExactly(new FaultAllowances.Refill(apart, 40));
    }
}
