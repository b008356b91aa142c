package dev.waitingroom.chaos.history;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * What the faults of a run leave open beyond outages, and no more.
 *
 * @param longestTtl the longest ttl of all policies in force, zero for that of the promises
 * @param disturbances when calling and counting may have been held up: a gateway gone, a link broken, a primary replaced
 * @param unordered when any who wait may be overtaken: Redis, or a way to it, is broken, or nobody is called. Where a gateway or the way to it is
 *     broken only those may whose calls are not answered
 * @param losses when Redis may have lost what gateways hold no copy of: which name has which ticket; in order, whatever is given
 * @param amnesias when Redis and all gateways lost the line: what was granted before may be asked for again
 * @param refills jumps of Redis' clock, each of which may have refilled the bucket
 * @param unheard gateways that were killed, and since when Redis may never have heard that they were polled, µs since 1970
 * @param stall for so long the machine let nobody run, or the visitors hear no answer, at most; zero where it was not measured
 */
public record FaultAllowances(
        Duration longestTtl,
        List<Span> disturbances,
        List<Span> unordered,
        List<Span> losses,
        List<Span> amnesias,
        List<Refill> refills,
        Map<String, Long> unheard,
        Duration stall) {
    public static final FaultAllowances NONE = new FaultAllowances(
            Duration.ZERO, List.of(), List.of(), List.of(), List.of(), List.of(), Map.of(), Duration.ZERO);

    /**
     * A jump of Redis' clock to the front.
     *
     * @param when at some moment of this time, by the visitors' clock
     * @param tokens that it may have given: rate · jump, at most the burst
     */
    public record Refill(Span when, double tokens) {}

    public FaultAllowances {
        disturbances = List.copyOf(disturbances);
        unordered = List.copyOf(unordered);
        losses = losses.stream().sorted(Comparator.comparingLong(Span::from)).toList();
        amnesias = List.copyOf(amnesias);
        refills = List.copyOf(refills);
        unheard = Map.copyOf(unheard);
    }
}
