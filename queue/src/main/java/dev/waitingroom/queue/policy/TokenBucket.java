package dev.waitingroom.queue.policy;

import java.util.Optional;

/**
 * The token bucket in its virtual-scheduling form, GCRA (ITU-T I.371): one theoretical arrival time, exact for every rate.
 *
 * <p>In any window of length d it lets at most burst + rate·d through. The bucket in Redis ({@code bucket.lua}) does the same sums;
 * this is what it is tested against, and what a gateway reads its tokens with.
 *
 * @param tatMicros theoretical arrival time of the next grant, µs since 1970
 * @param fraction and as many {@code rate}-ths of a microsecond, 0..rate-1
 */
public record TokenBucket(long tatMicros, long fraction) {
    /** The most that burst · T may be, µs: keeps every sum an exact double in Lua. */
    static final long TOLERANCE_CAP_MICROS = 4_000_000_000_000_000L;

    /**
     * How fast and how deep.
     *
     * @param rate tokens a period, 1..10^6
     * @param periodMicros µs
     * @param burst tokens that it holds, 1..10^7
     */
    public record Limit(long rate, long periodMicros, long burst) {
        public static Limit of(Policy policy) {
            return new Limit(policy.rate(), policy.period().toSeconds() * 1_000_000, policy.burst());
        }

        private TokenBucket plus(long micros, long fraction, long tokens) {
            long numerator = fraction + tokens * (periodMicros % rate);
            return new TokenBucket(
                    micros + tokens * (periodMicros / rate) + Math.floorDiv(numerator, rate),
                    Math.floorMod(numerator, rate));
        }

        /** now + burst · T: the latest that the arrival time may be once a token is taken. */
        private TokenBucket latest(long nowMicros) {
            long product = burst * periodMicros;
            return product / rate > TOLERANCE_CAP_MICROS
                    ? new TokenBucket(nowMicros + TOLERANCE_CAP_MICROS, 0)
                    : new TokenBucket(nowMicros + product / rate, product % rate);
        }
    }

    /** A bucket that holds its burst. */
    public static TokenBucket full(long nowMicros) {
        return new TokenBucket(nowMicros, 0);
    }

    /** A bucket that holds nothing, and fills from now on. */
    public static TokenBucket empty(Limit limit, long nowMicros) {
        return limit.latest(nowMicros);
    }

    /** Takes a token; empty where there is none. */
    public Optional<TokenBucket> take(Limit limit, long nowMicros) {
        TokenBucket from = from(nowMicros);
        TokenBucket after = limit.plus(from.tatMicros, from.fraction, 1);
        return after.notAfter(limit.latest(nowMicros)) ? Optional.of(after) : Optional.empty();
    }

    /** Whole tokens that are there. */
    public long tokens(Limit limit, long nowMicros) {
        return Math.max(0, Math.floorDiv(parts(limit, nowMicros), limit.periodMicros));
    }

    /** Tokens that are there, and the part of the next one. */
    public double exactTokens(Limit limit, long nowMicros) {
        return Math.max(0, (double) parts(limit, nowMicros) / limit.periodMicros);
    }

    /** In {@code 1 / periodMicros} of a token. */
    private long parts(Limit limit, long nowMicros) {
        TokenBucket from = from(nowMicros);
        TokenBucket latest = limit.latest(nowMicros);
        return (latest.tatMicros - from.tatMicros) * limit.rate + latest.fraction - from.fraction;
    }

    /** When it next holds a token, µs since 1970, rounded up; {@code nowMicros} if it does already. */
    public long nextTokenMicros(Limit limit, long nowMicros) {
        TokenBucket from = from(nowMicros);
        TokenBucket after = limit.plus(from.tatMicros, from.fraction, 1);
        TokenBucket latest = limit.latest(nowMicros);
        if (after.notAfter(latest)) {
            return nowMicros;
        }
        return nowMicros + after.tatMicros - latest.tatMicros + (after.fraction > latest.fraction ? 1 : 0);
    }

    /** The same bucket under another limit: its whole tokens are kept, at most the new burst. */
    public TokenBucket changed(Limit from, Limit to, long nowMicros) {
        long kept = Math.min(tokens(from, nowMicros), to.burst);
        TokenBucket latest = to.latest(nowMicros);
        return to.plus(latest.tatMicros, latest.fraction, -kept).from(nowMicros);
    }

    private TokenBucket from(long nowMicros) {
        return tatMicros < nowMicros ? new TokenBucket(nowMicros, 0) : this;
    }

    private boolean notAfter(TokenBucket other) {
        return tatMicros < other.tatMicros || (tatMicros == other.tatMicros && fraction <= other.fraction);
    }
}
