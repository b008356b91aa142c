package dev.waitingroom.chaos.history;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The rates and bursts in force, in order. The first applies from the beginning.
 *
 * @param limits at least one
 */
public record RateLimits(List<Limit> limits) {
    /** Visitors called by an earlier policy come at most this long after it was replaced. */
    private static final long LATECOMERS = 10_000_000;

    /** The burst, and the rate for this many seconds, may come before a visitor who answers when called. */
    private static final double OVERTAKING_SECONDS = 3;

    /**
     * A rate and a burst.
     *
     * @param from when the policy was written, µs since 1970
     */
    public record Limit(long from, double perSecond, int burst) {}

    public RateLimits {
        limits = List.copyOf(limits);
        if (limits.isEmpty()) {
            throw new IllegalArgumentException("limits must name at least one");
        }
    }

    /** The most that the bucket may have held at that time. While two policies may be in force, the greater burst counts. */
    int burstAt(long at) {
        return inForce(at, at, 0).mapToInt(Limit::burst).max().orElse(0);
    }

    /**
     * How many may come before a visitor who answers when called, between two times without a fault.
     *
     * <p>A replaced policy counts for a while longer. It called its visitors before those behind them, so they are in order among themselves. But
     * each comes with the next poll, and a visitor who polls sooner may enter first. After that only the new policy counts.
     */
    double mayOvertake(long from, long until) {
        int burst =
                inForce(from, until, LATECOMERS).mapToInt(Limit::burst).max().orElse(0);
        double rate = inForce(from, until, LATECOMERS)
                .mapToDouble(Limit::perSecond)
                .max()
                .orElse(0);
        return burst + OVERTAKING_SECONDS * rate;
    }

    /** The limits that may have applied between the two times, or less than {@code late} before. */
    private Stream<Limit> inForce(long from, long until, long late) {
        return IntStream.range(0, limits.size())
                .filter(i -> i + 1 == limits.size() || limits.get(i + 1).from() + Promises.LAG + late >= from)
                .filter(i -> i == 0 || limits.get(i).from() <= until)
                .mapToObj(limits::get);
    }

    /** The most tokens that may have come until then, counted from the first limit. While two policies may be in force, the higher rate counts. */
    double tokensUntil(long at) {
        double tokens = 0;
        double before = 0;
        for (int i = 0; i < limits.size(); i++) {
            Limit limit = limits.get(i);
            long end = i + 1 < limits.size() ? limits.get(i + 1).from() : Span.OPEN;
            long sure = Math.min(end, limit.from() + Promises.LAG);
            tokens += seconds(limit.from(), sure, at) * Math.max(before, limit.perSecond())
                    + seconds(sure, end, at) * limit.perSecond();
            before = limit.perSecond();
        }
        return tokens;
    }

    private static double seconds(long begin, long end, long at) {
        return at <= begin ? 0 : (Math.min(at, end) - begin) / 1e6;
    }
}
