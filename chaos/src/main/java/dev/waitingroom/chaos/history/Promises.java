package dev.waitingroom.chaos.history;

import dev.waitingroom.chaos.history.RateLimits.Limit;
import dev.waitingroom.queue.policy.Mode;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the room promised during a run: its policies, less what the faults of the run allow.
 *
 * @param limits the rates and bursts in force
 * @param ttl silence before a place may be lost; the shortest of the policies
 * @param turnTtl how long a turn stays good; the shortest of the policies
 * @param reservationTtl how long an admission is good for; the shortest of the policies
 * @param clockError the greatest difference between Redis' clock and the visitors'
 * @param outages when Redis did not answer, or had lost the line
 * @param allowances what else the faults of the run allow
 * @param policies which policy was in force when
 * @param sessions what the faults of the run allow for sessions
 */
public record Promises(
        RateLimits limits,
        Duration ttl,
        Duration turnTtl,
        Duration reservationTtl,
        Duration clockError,
        List<Span> outages,
        FaultAllowances allowances,
        PolicyTimeline policies,
        SessionAllowances sessions) {
    /** A policy is in force at most this long after it was written. */
    static final long LAG = 2_000_000;

    /** A ticket may be put back for this long after a line began anew, and a ttl. */
    private static final long RESTORABLE = 310_000_000;

    /** For this long after an outage the line may pause and call nobody: it waits for the gateways' copies. */
    static final long RECOVERY = 15_000_000;

    private static final Duration CLOCK_ERROR = Duration.ofMillis(5);

    public Promises {
        outages = List.copyOf(outages);
    }

    /**
     * The promises of policies that differ only in rate and burst, in a run without faults.
     *
     * @param limits in order, at least one
     */
    public static Promises of(List<Limit> limits, Duration ttl, Duration turnTtl, Duration reservationTtl) {
        return new Promises(
                new RateLimits(limits),
                ttl,
                turnTtl,
                reservationTtl,
                CLOCK_ERROR,
                List.of(),
                FaultAllowances.NONE,
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
                        .toList()),
                SessionAllowances.NONE);
    }

    /** The promises of one policy, in a run without faults. */
    public static Promises of(double perSecond, int burst, Duration ttl, Duration turnTtl) {
        return of(List.of(new Limit(0, perSecond, burst)), ttl, turnTtl, Duration.ofMinutes(2));
    }

    public Promises withOutages(List<Span> during) {
        return new Promises(limits, ttl, turnTtl, reservationTtl, clockError, during, allowances, policies, sessions);
    }

    public Promises withAllowances(FaultAllowances allowed) {
        return new Promises(limits, ttl, turnTtl, reservationTtl, clockError, outages, allowed, policies, sessions);
    }

    /** The same limits and times to live, but these policies in force. */
    public Promises withPolicies(PolicyTimeline inForce) {
        return new Promises(limits, ttl, turnTtl, reservationTtl, clockError, outages, allowances, inForce, sessions);
    }

    /** The same, but with these allowances for sessions. */
    public Promises withSessions(SessionAllowances allowed) {
        return new Promises(limits, ttl, turnTtl, reservationTtl, clockError, outages, allowances, policies, allowed);
    }

    /** How many may come before a visitor who answers when called, between two times without a fault. */
    double mayOvertake(long from, long until) {
        return limits.mayOvertake(from, until)
                + allowances.tokens(refill ->
                        refill.when().from() <= until && from <= refill.when().until());
    }

    /** The most tokens that may have come until then, counted from the first policy. */
    double tokensUntil(long at) {
        return limits.tokensUntil(at)
                + allowances.tokens(refill -> refill.when().from() <= at);
    }

    /** The same, but a jump of Redis' clock counts only once it is certainly over: for the beginning of a window. */
    double tokensBefore(long at) {
        return limits.tokensUntil(at)
                + allowances.tokens(refill -> refill.when().until() <= at);
    }

    /** Whether a fault was active then, or so shortly before that the line may still have recovered. */
    boolean disturbed(long at) {
        return !quiet(at, at);
    }

    /** Whether no fault was active between the two times, nor so shortly before that the line may still have recovered. */
    boolean quiet(long from, long until) {
        return disturbances().noneMatch(fault -> fault.from() <= until && from - RECOVERY <= fault.until());
    }

    private Stream<Span> disturbances() {
        return Stream.concat(outages.stream(), allowances.disturbances().stream());
    }

    /** Whether Redis and all gateways lost the line between the two times. */
    boolean forgotten(long from, long until) {
        return allowances.amnesias().stream().anyMatch(loss -> loss.overlaps(from, until));
    }

    /** Whether Redis may have lost, between the two times, which visitor key has which ticket. Gateways hold no copy of that. */
    boolean visitorKeysLost(long from, long until) {
        return allowances.losses().stream().anyMatch(loss -> loss.overlaps(from, until));
    }

    /** Whether Redis may never hear of this call, because its gateway was killed too soon. */
    boolean unheard(Event event) {
        return event.span().until() >= allowances.unheard().getOrDefault(event.gateway(), Span.OPEN);
    }

    /** Whether visitors may be putting back their own places, one after the other. */
    boolean restoring(long at) {
        return allowances.amnesias().stream().anyMatch(loss -> loss.from() <= at && at <= restoredBy(loss))
                || moved(at);
    }

    /** Whether gateways served from two Redis before: a ticket that one of them lacks may begin a recovery at any later time. */
    boolean moved(long at) {
        return allowances.moves().stream().anyMatch(move -> move.from() <= at);
    }

    /** A visitor who has not come back when Redis loses something again gets the whole time once more (ADR 0015). */
    private long restoredBy(Span amnesia) {
        long takes = micros(longestTtl()) + RESTORABLE;
        long by = amnesia.until() + takes;
        for (Span loss : allowances.losses()) {
            if (amnesia.from() <= loss.from() && loss.from() <= by) {
                by = Math.max(by, loss.until() + takes);
            }
        }
        return by;
    }

    private Duration longestTtl() {
        return ttl.compareTo(allowances.longestTtl()) < 0 ? allowances.longestTtl() : ttl;
    }

    /** By when a place last heard of at that time is gone, at the latest. No place expires while the line recovers, nor for a ttl after. */
    long goneBy(long heard) {
        long lost = disturbances()
                .mapToLong(fault -> fault.until() - fault.from() + RECOVERY)
                .sum();
        return policies.goneBy(heard) + (lost == 0 ? 0 : lost + micros(longestTtl()));
    }

    static long micros(Duration duration) {
        return duration.toNanos() / 1_000;
    }
}
