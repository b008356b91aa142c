package dev.waitingroom.operator.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.waitingroom.queue.policy.Mode;
import dev.waitingroom.queue.policy.Policy;
import dev.waitingroom.queue.policy.SessionCap;
import dev.waitingroom.queue.policy.TokenBucket;
import dev.waitingroom.queue.store.LineFigures;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class RoomTrendTest {
    private final RoomTrend trend = new RoomTrend();

    @Test
    void measuresTheRateOverTenSeconds() {
        trend.observe(figures(0, 1_000, 0), policy(Mode.QUEUE)); // ten at once, long ago
        for (int second = 1; second <= 20; second++) {
            trend.observe(figures(second, 1_000 - second * 5, 1_000 + second * 5), policy(Mode.QUEUE));
        }

        RoomObservation seen = trend.observe(figures(21, 895, 1_105), policy(Mode.QUEUE));

        assertThat(seen.admissionsPerSecond()).isEqualTo(5);
        assertThat(seen.waiting()).isEqualTo(895);
        assertThat(seen.admittedTotal()).isEqualTo(1_105);
    }

    @Test
    void knowsNoRateFromOneLook() {
        assertThat(trend.observe(figures(0, 10, 10), policy(Mode.QUEUE)).admissionsPerSecond())
                .isZero();
    }

    @Test
    void beginsAnewWithALineThatDid() {
        trend.observe(figures(0, 10, 1_000), policy(Mode.QUEUE));
        trend.observe(figures(1, 10, 0), policy(Mode.QUEUE));

        assertThat(trend.observe(figures(2, 10, 4), policy(Mode.QUEUE)).admissionsPerSecond())
                .isEqualTo(4);
    }

    @Test
    void expectsAWaitThatThePolicyMakes() {
        RoomObservation seen = trend.observe(figures(0, 1_000, 0), policy(Mode.QUEUE));

        assertThat(seen.expectedWait())
                .hasValueSatisfying(
                        wait -> assertThat((double) wait.toSeconds()).isCloseTo(100, within(5.0)));
    }

    @Test
    void expectsNoneWhereNobodyWaitsOrNobodyHasTo() {
        assertThat(trend.observe(withBucket(0, TokenBucket.full(now(0)), 1_000_000), policy(Mode.QUEUE))
                        .expectedWait())
                .contains(Duration.ZERO);
        assertThat(trend.observe(figures(1, 100, 0), policy(Mode.PASS)).expectedWait())
                .contains(Duration.ZERO);
    }

    @Test
    void cannotTellOnHold() {
        assertThat(trend.observe(figures(0, 100, 0), policy(Mode.HOLD)).expectedWait())
                .isEmpty();
    }

    @Test
    void cannotTellWhenSessionsEnd() {
        Policy capped = policy(Mode.QUEUE).withCap(Optional.of(new SessionCap(10, Duration.ofSeconds(600))));

        assertThat(trend.observe(figures(0, 9, 0), capped).expectedWait()).isPresent();
        assertThat(trend.observe(figures(1, 10, 0), capped).expectedWait()).isEmpty();
    }

    @Test
    void expectsNoWaitWhileTheBucketHasATokenForEveryone() {
        assertThat(trend.observe(withBucket(51, TokenBucket.full(now(0)), 1_000_000), policy(Mode.QUEUE))
                        .expectedWait())
                .contains(Duration.ZERO);
    }

    @Test
    void expectsTheNextTokenWhereTheLineAndTheBucketAreEmpty() {
        assertThat(trend.observe(figures(0, 0, 0), policy(Mode.QUEUE)).expectedWait())
                .contains(Duration.ofSeconds(1)); // a tenth of one, rounded up as the API does
    }

    @Test
    void expectsOnlyThoseAheadWhoWillCome() {
        var seen = trend.observe(
                withBucket(1_000, TokenBucket.empty(TokenBucket.Limit.of(policy(Mode.QUEUE)), now(0)), 100_000),
                policy(Mode.QUEUE));

        assertThat(seen.expectedWait())
                .hasValueSatisfying(
                        wait -> assertThat((double) wait.toSeconds()).isCloseTo(10, within(1.0)));
    }

    private static LineFigures figures(int second, long waiting, long granted) {
        return figures(
                second,
                waiting,
                granted,
                TokenBucket.empty(TokenBucket.Limit.of(policy(Mode.QUEUE)), now(second)),
                1_000_000);
    }

    private static LineFigures withBucket(long waiting, TokenBucket bucket, long comingMillionths) {
        return figures(0, waiting, 0, bucket, comingMillionths);
    }

    private static LineFigures figures(
            int second, long waiting, long granted, TokenBucket bucket, long comingMillionths) {
        return new LineFigures(
                1, 1, waiting, waiting + granted, granted, 0, 0, 0, now(second), bucket, comingMillionths, 0);
    }

    private static long now(int second) {
        return 1_764_000_000_000_000L + second * 1_000_000L;
    }

    private static Policy policy(Mode mode) {
        return new Policy(
                "evt",
                1,
                1,
                mode,
                10,
                Duration.ofSeconds(1),
                100,
                Duration.ofSeconds(300),
                Duration.ofSeconds(900),
                OptionalLong.empty(),
                Duration.ofSeconds(120),
                "");
    }
}
