package dev.waitingroom.chaos.history;

import dev.waitingroom.queue.policy.Mode;
import dev.waitingroom.queue.policy.SessionCap;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Every policy of a run, in order. A policy may be in force from its decision until shortly after the next one was written. Only the moment at
 * which a change takes effect is unknown.
 */
public record PolicyTimeline(List<PolicyInForce> policies) {
    /** The longest poll interval that visitors are told. The script {@code policy} waits for it, and for 2 s more, before a new ttl counts. */
    private static final long MAX_POLL = 36_000_000;

    private static final long LATE_POLL = 2_000_000;

    public PolicyTimeline {
        policies = List.copyOf(policies);
        if (policies.isEmpty()) {
            throw new IllegalArgumentException("policies must name at least one");
        }
    }

    private long begin(int i) {
        return i == 0 ? Long.MIN_VALUE : policies.get(i).decided();
    }

    private long end(int i) {
        return i + 1 < policies.size() ? policies.get(i + 1).written() + Promises.LAG : Span.OPEN;
    }

    /** The earliest end of something that began then and lasts for a time that the policy sets. */
    long earliestEnd(long began, Function<PolicyInForce, Duration> limit) {
        return IntStream.range(0, policies.size())
                .filter(i -> end(i) >= began)
                .filter(i -> began + length(i, limit) <= end(i))
                .mapToLong(i -> Math.max(began + length(i, limit), begin(i)))
                .min()
                .orElse(Span.OPEN);
    }

    private long length(int i, Function<PolicyInForce, Duration> limit) {
        return Promises.micros(limit.apply(policies.get(i)));
    }

    /**
     * By when the place of a visitor last heard at that time is gone, at the latest. A changed ttl begins the generations anew, so that a visitor who
     * polls when told to loses nothing. A silent visitor gains the same time.
     */
    long goneBy(long heard) {
        long by = heard;
        for (int i = 0; i < policies.size(); i++) {
            if (begin(i) <= heard && heard <= end(i)) {
                by = Math.max(by, heard + fullSilence(i));
            }
        }
        for (int i = 1; i < policies.size(); i++) {
            Duration before = policies.get(i - 1).ttl();
            if (!before.equals(policies.get(i).ttl()) && begin(i) <= by && heard <= end(i)) {
                long promised = LATE_POLL + Math.min(MAX_POLL, Promises.micros(before) / 5);
                by = Math.max(by, policies.get(i).written() + promised + fullSilence(i));
            }
        }
        return by;
    }

    private long fullSilence(int i) {
        return length(i, PolicyInForce::ttl) * 3 / 2 + 1_000_000;
    }

    /** Whether the room may have been in mode Pass at some moment between. */
    boolean mayPass(long from, long until) {
        return between(from, until).anyMatch(policy -> policy.mode() == Mode.PASS);
    }

    /** The earliest time from then on at which the room may have had no cap; {@link Span#OPEN} if it always had one. */
    long uncappedFrom(long at) {
        return IntStream.range(0, policies.size())
                .filter(i -> policies.get(i).cap().isEmpty() && end(i) >= at)
                .mapToLong(i -> Math.max(at, begin(i)))
                .min()
                .orElse(Span.OPEN);
    }

    /** The greatest cap that may have been in force between the two times. Empty if the room may have admitted past it. */
    OptionalInt greatestCap(long from, long until) {
        boolean open = between(from, until).anyMatch(policy -> policy.cap().isEmpty() || policy.mode() == Mode.PASS);
        return open
                ? OptionalInt.empty()
                : between(from, until)
                        .flatMap(policy -> policy.cap().stream())
                        .mapToInt(SessionCap::maxActive)
                        .max();
    }

    /** How long an admission of this time keeps its place at least, if nobody ends it, µs. */
    long shortestAdmission(Span time) {
        return between(time.from(), time.until())
                .mapToLong(policy -> Promises.micros(policy.sessionTime()))
                .min()
                .orElseThrow();
    }

    /** How long any admission or renewal keeps its place at most, µs. */
    long longestAdmission() {
        return policies.stream()
                .mapToLong(policy -> Promises.micros(policy.sessionTime()))
                .max()
                .orElseThrow();
    }

    /** The policies that may have been in force at some moment between. */
    private Stream<PolicyInForce> between(long from, long until) {
        return IntStream.range(0, policies.size())
                .filter(i -> begin(i) <= until && from <= end(i))
                .mapToObj(policies::get);
    }

    /** The policy in force between the two times, if it was one alone, written at least {@code since} before. */
    Optional<PolicyInForce> inForce(long from, long until, long since) {
        return IntStream.range(0, policies.size())
                .filter(i -> i == 0 || policies.get(i).written() + since <= from)
                .filter(i ->
                        i + 1 == policies.size() || until < policies.get(i + 1).decided())
                .mapToObj(policies::get)
                .findFirst();
    }
}
