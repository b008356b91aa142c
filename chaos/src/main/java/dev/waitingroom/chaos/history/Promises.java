package dev.waitingroom.chaos.history;

import dev.waitingroom.queue.policy.Mode;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the room promised during a run.
 *
 * @param limits the rates and bursts in force, in order; the first holds from the beginning
 * @param ttl silence before a place may be lost
 * @param turnTtl how long a turn stays good
 * @param reservationTtl how long an admission is good for
 * @param clockError the most by which Redis' clock and the visitors' may differ
 * @param passes whether the room was in mode Pass at some time: the horizon then says nothing of who is admitted
 * @param outages when Redis did not answer, or had lost the line
 * @param freedom what else the faults of the run leave open
 * @param policies what was in force when; ttl, turnTtl and reservationTtl are the shortest of them
 */
public record Promises(
        List<Limit> limits,
        Duration ttl,
        Duration turnTtl,
        Duration reservationTtl,
        Duration clockError,
        boolean passes,
        List<Span> outages,
        FaultAllowances freedom,
        PolicyTimeline policies) {
    /** A policy is in force so long after it was written, at the latest. */
    static final long LAG = 2_000_000;

    /** For so long after an epoch began, and a ttl, a ticket may be put back. */
    private static final long RESTORABLE = 10_000_000;

    /** For so long after an outage the line may pause and nobody be called: grace, and the copies that are put back. */
    static final long RECOVERY = 15_000_000;

    /** Who was called by an earlier policy comes so long after it was replaced, at the latest. */
    private static final long LATECOMERS = 10_000_000;

    /** So many seconds of rate, and the burst, may come before somebody who answers when called. */
    private static final double OVERTAKING_SECONDS = 3;

    /**
     * A rate, and a burst.
     *
     * @param from when it was written, µs since 1970
     */
    public record Limit(long from, double perSecond, int burst) {}

    /** Nothing went wrong but the outages. */
    public Promises(
            List<Limit> limits,
            Duration ttl,
            Duration turnTtl,
            Duration reservationTtl,
            Duration clockError,
            boolean passes,
            List<Span> outages) {
        this(limits, ttl, turnTtl, reservationTtl, clockError, passes, outages, FaultAllowances.NONE);
    }

    /** Nothing changed but rate and burst. */
    public Promises(
            List<Limit> limits,
            Duration ttl,
            Duration turnTtl,
            Duration reservationTtl,
            Duration clockError,
            boolean passes,
            List<Span> outages,
            FaultAllowances freedom) {
        this(
                limits,
                ttl,
                turnTtl,
                reservationTtl,
                clockError,
                passes,
                outages,
                freedom,
                new PolicyTimeline(limits.stream()
                        .map(limit -> new PolicyInForce(
                                limit.from(),
                                limit.from(),
                                Mode.QUEUE,
                                limit.perSecond(),
                                limit.burst(),
                                ttl,
                                turnTtl,
                                reservationTtl))
                        .toList()));
    }

    public Promises {
        limits = List.copyOf(limits);
        outages = List.copyOf(outages);
        if (limits.isEmpty()) {
            throw new IllegalArgumentException("limits must name at least one");
        }
    }

    /** One policy all the time, and nothing went wrong. */
    public static Promises of(double perSecond, int burst, Duration ttl, Duration turnTtl) {
        return new Promises(
                List.of(new Limit(0, perSecond, burst)),
                ttl,
                turnTtl,
                Duration.ofMinutes(2),
                Duration.ofMillis(5),
                false,
                List.of());
    }

    /** The most that the bucket may have held then: of two policies the greater burst, while either may hold. */
    int burstAt(long at) {
        int burst = 0;
        for (int i = 0; i < limits.size(); i++) {
            long replaced = i + 1 < limits.size() ? limits.get(i + 1).from() + LAG : Span.OPEN;
            if (replaced >= at && (i == 0 || limits.get(i).from() <= at)) {
                burst = Math.max(burst, limits.get(i).burst());
            }
        }
        return burst;
    }

    /**
     * How many may come before somebody who answers when called, between two times at which nothing was broken.
     *
     * <p>A replaced policy counts for a while longer. Whom it called was called before those behind them, so they are in order among themselves; but
     * they come when their next poll is due, and one who polls sooner may enter meanwhile. After that the new policy alone counts.
     */
    double mayOvertake(long from, long until) {
        int burst = 0;
        double rate = 0;
        for (int i = 0; i < limits.size(); i++) {
            long replaced = i + 1 < limits.size() ? limits.get(i + 1).from() + LAG + LATECOMERS : Span.OPEN;
            if (replaced >= from && (i == 0 || limits.get(i).from() <= until)) {
                burst = Math.max(burst, limits.get(i).burst());
                rate = Math.max(rate, limits.get(i).perSecond());
            }
        }
        double refilled = freedom.refills().stream()
                .filter(refill ->
                        refill.when().from() <= until && from <= refill.when().until())
                .mapToDouble(FaultAllowances.Refill::tokens)
                .sum();
        return burst + OVERTAKING_SECONDS * rate + refilled;
    }

    /** The most tokens that may have come until then, from an arbitrary zero: of two policies the faster, while either may hold. */
    double tokensUntil(long at) {
        double tokens = 0;
        long start = limits.getFirst().from();
        for (int i = 0; i < limits.size(); i++) {
            Limit limit = limits.get(i);
            long begin = i == 0 ? start : limit.from();
            long end = i + 1 < limits.size() ? limits.get(i + 1).from() : Span.OPEN;
            double before = i == 0 ? 0 : limits.get(i - 1).perSecond();
            tokens += seconds(begin, Math.min(end, begin + LAG), at) * Math.max(before, limit.perSecond())
                    + seconds(Math.min(end, begin + LAG), end, at) * limit.perSecond();
        }
        return tokens
                + freedom.refills().stream()
                        .filter(refill -> refill.when().from() <= at)
                        .mapToDouble(FaultAllowances.Refill::tokens)
                        .sum();
    }

    /** The same where a jump of Redis' clock counts only once it is surely over: for the beginning of a window. */
    double tokensBefore(long at) {
        return tokensUntil(at)
                - freedom.refills().stream()
                        .filter(refill ->
                                refill.when().from() <= at && at < refill.when().until())
                        .mapToDouble(FaultAllowances.Refill::tokens)
                        .sum();
    }

    private static double seconds(long begin, long end, long at) {
        return at <= begin ? 0 : (Math.min(at, end) - begin) / 1e6;
    }

    boolean disturbed(long at) {
        return Stream.concat(outages.stream(), freedom.disturbances().stream())
                .anyMatch(outage -> outage.from() <= at && at - RECOVERY <= outage.until());
    }

    /** Whether nothing was broken between the two times, nor so shortly before that the line may still have recovered. */
    boolean quiet(long from, long until) {
        return Stream.concat(outages.stream(), freedom.disturbances().stream())
                .noneMatch(fault -> fault.from() <= until && from - RECOVERY <= fault.until());
    }

    /** Whether everyone who knew the line was lost between the two times. */
    boolean forgotten(long from, long until) {
        return freedom.amnesias().stream().anyMatch(loss -> from <= loss.until() && loss.from() <= until);
    }

    /** Whether Redis may never hear that the visitor was there: the gateway was killed before it told. */
    boolean unheard(Event event) {
        return event.span().until() >= freedom.unheard().getOrDefault(event.gateway(), Span.OPEN);
    }

    /** Whether visitors may be putting back their own places, which then count one after the other. */
    boolean restoring(long at) {
        return freedom.amnesias().stream().anyMatch(loss -> loss.from() <= at && at <= restoredBy(loss));
    }

    /** Who has yet to come back when Redis loses something again gets as long once more (ADR 0015). */
    private long restoredBy(Span amnesia) {
        long takes = micros(longestTtl()) + RESTORABLE;
        long by = amnesia.until() + takes;
        for (Span loss : freedom.losses()) {
            if (amnesia.from() <= loss.from() && loss.from() <= by) {
                by = Math.max(by, loss.until() + takes);
            }
        }
        return by;
    }

    /** Whether Redis may have lost between the two times which name has which ticket: gateways hold no copy of that. */
    boolean namesLost(long from, long until) {
        return freedom.losses().stream().anyMatch(loss -> from <= loss.until() && loss.from() <= until);
    }

    private Duration longestTtl() {
        return ttl.compareTo(freedom.longestTtl()) < 0 ? freedom.longestTtl() : ttl;
    }

    /** When one who was last heard then is gone, at the latest. Nobody is swept while the line recovers, and a while after. */
    long goneBy(long heard) {
        long lost = Stream.concat(outages.stream(), freedom.disturbances().stream())
                .mapToLong(outage -> outage.until() - outage.from() + RECOVERY)
                .sum();
        return policies.goneBy(heard) + (lost == 0 ? 0 : lost + micros(longestTtl()));
    }

    static long micros(Duration duration) {
        return duration.toNanos() / 1_000;
    }
}
