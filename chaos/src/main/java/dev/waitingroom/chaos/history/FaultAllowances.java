package dev.waitingroom.chaos.history;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What the faults of a run allow besides outages.
 *
 * @param longestTtl the longest ttl of all policies in force; zero if it is that of the promises
 * @param disturbances when calling and counting may have been delayed: a gateway was gone, a link broken, a primary replaced
 * @param unordered when every visitor may be overtaken: Redis or a way to it was broken, or nobody was called. If only a gateway or the way to it
 *     was broken, only visitors whose calls are not answered may be overtaken
 * @param losses when Redis may have lost data of which gateways hold no copy: which visitor key has which ticket. Sorted by their beginnings
 * @param amnesias when Redis and all gateways lost the line: earlier admissions may be asked for again
 * @param moves when gateways served from two Redis. Tickets that only one of them knows may come back to the other at any later time, one by one
 * @param refills jumps of Redis' clock, each of which may have refilled the bucket
 * @param unheard gateways that were killed, and since when Redis may not have heard of their polls, µs since 1970
 * @param stall the longest time for which the machine ran no thread, or visitors read no answer; zero if it was not measured
 */
public record FaultAllowances(
        Duration longestTtl,
        List<Span> disturbances,
        List<Span> unordered,
        List<Span> losses,
        List<Span> amnesias,
        List<Span> moves,
        List<Refill> refills,
        Map<String, Long> unheard,
        Duration stall) {
    public static final FaultAllowances NONE = ofRefills(List.of());

    /**
     * A jump of Redis' clock ahead.
     *
     * @param when it happened at some moment of this time, by the visitors' clock
     * @param tokens the most that it may have given: rate · jump, at most the burst
     */
    public record Refill(Span when, double tokens) {}

    public FaultAllowances {
        disturbances = List.copyOf(disturbances);
        unordered = List.copyOf(unordered);
        losses = losses.stream().sorted(Comparator.comparingLong(Span::from)).toList();
        amnesias = List.copyOf(amnesias);
        moves = List.copyOf(moves);
        refills = List.copyOf(refills);
        unheard = Map.copyOf(unheard);
    }

    /** Nothing but refills of the bucket. */
    public static FaultAllowances ofRefills(List<Refill> refills) {
        return new FaultAllowances(
                Duration.ZERO, List.of(), List.of(), List.of(), List.of(), List.of(), refills, Map.of(), Duration.ZERO);
    }

    /** The tokens of these refills. */
    double tokens(Predicate<Refill> which) {
        return refills.stream().filter(which).mapToDouble(Refill::tokens).sum();
    }
}
