package dev.waitingroom.queue.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waitingroom.queue.policy.TokenBucket.Limit;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Promise 1, of the bucket alone: exact sums, whatever the policy, its changes and the times of asking. */
class TokenBucketProperties {
    private static final long START = 1_795_521_600_000_000L;

    /** So long after the last step so many ask, after the policy was changed or not. */
    record Step(long afterMicros, int asking, Optional<Limit> change) {}

    @Property(tries = 1_000)
    void noWindowHasMoreThanBurstAndRate(
            @ForAll("limits") Limit first, @ForAll("steps") @Size(min = 1, max = 30) List<Step> steps) {
        TokenBucket bucket = TokenBucket.full(START);
        Limit limit = first;
        long now = START;
        List<Integer> granted = new ArrayList<>(); // by step
        List<Long> bursts = new ArrayList<>(); // in force when the step's grants were taken
        List<Fraction> earned = new ArrayList<>(); // rate · time, since the start
        Fraction sum = Fraction.ZERO;
        for (Step step : steps) {
            now += step.afterMicros;
            sum = sum.plus(limit.rate(), step.afterMicros, limit.periodMicros());
            if (step.change.isPresent()) {
                bucket = bucket.changed(limit, step.change.get(), now);
                limit = step.change.get();
            }
            int count = 0;
            for (int i = 0; i < step.asking; i++) {
                Optional<TokenBucket> after = bucket.take(limit, now);
                count += after.isPresent() ? 1 : 0;
                bucket = after.orElse(bucket);
            }
            granted.add(count);
            bursts.add(limit.burst());
            earned.add(sum);
        }

        for (int from = 0; from < steps.size(); from++) {
            long grants = 0;
            for (int to = from; to < steps.size(); to++) {
                grants += granted.get(to);
                assertThat(earned.get(to).minus(earned.get(from)).plus(bursts.get(from)))
                        .as("steps %d to %d", from, to)
                        .isGreaterThanOrEqualTo(Fraction.of(grants));
            }
        }
    }

    /**
     * Nothing is lost by asking too early, nor by waiting for the next whole microsecond; unless the bucket is full meanwhile, as one
     * that holds a single token always is.
     */
    @Property(tries = 500)
    void longRunRateIsExact(@ForAll("limits") Limit any, @ForAll @IntRange(min = 1, max = 2_000) int grants) {
        Limit limit = new Limit(any.rate(), any.periodMicros(), any.burst() + 1);
        TokenBucket bucket = TokenBucket.empty(limit, START);
        long now = START;
        for (int i = 0; i < grants; i++) {
            assertThat(bucket.take(limit, bucket.nextTokenMicros(limit, now) - 1))
                    .isEmpty();
            now = bucket.nextTokenMicros(limit, now);
            bucket = bucket.take(limit, now).orElseThrow();
        }

        assertThat(now - START).isEqualTo(Math.ceilDiv(grants * limit.periodMicros(), limit.rate()));
    }

    @Property(tries = 500)
    void asManyTokensAreTakenAsItSaysThereAre(
            @ForAll("limits") Limit limit, @ForAll("gaps") long idleMicros, @ForAll @IntRange(max = 300) int most) {
        TokenBucket bucket = TokenBucket.empty(limit, START);
        long now = START + idleMicros;
        long tokens = bucket.tokens(limit, now);

        assertThat(tokens)
                .isEqualTo(Math.min(limit.burst(), Math.floorDiv(idleMicros * limit.rate(), limit.periodMicros())));
        for (long left = tokens; left > Math.max(0, tokens - most); left--) {
            assertThat(bucket.tokens(limit, now)).isEqualTo(left);
            bucket = bucket.take(limit, now).orElseThrow();
        }
        assertThat(bucket.take(limit, now).isPresent()).isEqualTo(bucket.tokens(limit, now) > 0);
    }

    @Property(tries = 1_000)
    void policyChangeKeepsTheTokens(
            @ForAll("limits") Limit before, @ForAll("limits") Limit after, @ForAll("gaps") long idleMicros) {
        TokenBucket bucket = TokenBucket.empty(before, START);
        long now = START + idleMicros;

        TokenBucket changed = bucket.changed(before, after, now);

        assertThat(changed.tokens(after, now)).isEqualTo(Math.min(bucket.tokens(before, now), after.burst()));
    }

    /** A bucket of ten million that fills by one an hour would overflow a double's 2^53; it holds what does not. */
    @Example
    void hugeSlowBucketHoldsAsMuchAsIsExact() {
        Limit slow = new Limit(1, 3_600_000_000L, 10_000_000);

        assertThat(TokenBucket.full(START).tokens(slow, START))
                .isEqualTo(TokenBucket.TOLERANCE_CAP_MICROS / slow.periodMicros());
        assertThat(TokenBucket.empty(slow, START).take(slow, START)).isEmpty();
    }

    @Provide
    Arbitrary<Limit> limits() {
        return Combinators.combine(
                        Arbitraries.longs().between(1, 1_000_000),
                        Arbitraries.longs().between(1, 3_600),
                        Arbitraries.longs().between(1, 10_000_000))
                .as((rate, period, burst) -> new Limit(rate, period * 1_000_000, burst))
                .filter(limit ->
                        limit.burst() * limit.periodMicros() / limit.rate() <= TokenBucket.TOLERANCE_CAP_MICROS);
    }

    /** Up to a day, mostly short. */
    @Provide
    Arbitrary<Long> gaps() {
        return Arbitraries.oneOf(
                Arbitraries.longs().between(0, 1_000),
                Arbitraries.longs().between(0, 10_000_000),
                Arbitraries.longs().between(0, 86_400_000_000L));
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        return Combinators.combine(gaps(), Arbitraries.integers().between(0, 200), limits().optional(0.2))
                .as(Step::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(30);
    }

    /** An exact number. */
    private record Fraction(BigInteger numerator, BigInteger denominator) implements Comparable<Fraction> {
        private static final Fraction ZERO = of(0);

        private static Fraction of(long whole) {
            return new Fraction(BigInteger.valueOf(whole), BigInteger.ONE);
        }

        private Fraction plus(long rate, long micros, long periodMicros) {
            BigInteger earned = BigInteger.valueOf(rate).multiply(BigInteger.valueOf(micros));
            return plus(new Fraction(earned, BigInteger.valueOf(periodMicros)));
        }

        private Fraction plus(long whole) {
            return plus(of(whole));
        }

        private Fraction plus(Fraction other) {
            BigInteger sum = numerator.multiply(other.denominator).add(other.numerator.multiply(denominator));
            BigInteger product = denominator.multiply(other.denominator);
            BigInteger gcd = sum.gcd(product);
            return new Fraction(sum.divide(gcd), product.divide(gcd));
        }

        private Fraction minus(Fraction other) {
            return plus(new Fraction(other.numerator.negate(), other.denominator));
        }

        @Override
        public int compareTo(Fraction other) {
            return numerator.multiply(other.denominator).compareTo(other.numerator.multiply(denominator));
        }
    }
}
