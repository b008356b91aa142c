package dev.waitingroom.chaos.run;

import dev.waitingroom.chaos.fault.Fault;
import dev.waitingroom.chaos.fault.Injection;
import dev.waitingroom.chaos.fault.Injection.Effect;
import dev.waitingroom.chaos.history.FaultAllowances;
import dev.waitingroom.chaos.history.PolicyInForce;
import dev.waitingroom.chaos.history.PolicyTimeline;
import dev.waitingroom.chaos.history.Promises;
import dev.waitingroom.chaos.history.RateLimits;
import dev.waitingroom.chaos.history.RateLimits.Limit;
import dev.waitingroom.chaos.history.SessionAllowances;
import dev.waitingroom.chaos.history.Span;
import dev.waitingroom.chaos.site.TendedRooms.Written;
import dev.waitingroom.queue.policy.Mode;
import dev.waitingroom.queue.policy.Policy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Calculates what a room promised in spite of the faults of a run. Each fault allows only what cannot be prevented. */
final class AllowanceCalculator {
    private static final Duration CLOCK_ERROR = Duration.ofMillis(5);

    /** A loss costs at most the writes of this time before it: the lag of a replica, or of a gateway's snapshot. */
    private static final long TAIL = 3_000_000;

    /** A gateway reports a poll to Redis at most a second later: after a 40th of the ttl, at most 25 s in a run, with the next refresh. */
    private static final long TOLD = 1_000_000;

    private AllowanceCalculator() {}

    static Promises promises(List<Written> policies, List<Injection> injections, Duration stall) {
        Duration jumped = injections.stream().map(Injection::jump).reduce(Duration.ZERO, Duration::plus);
        List<Duration> ttls = policies.stream()
                .map(written -> written.policy().ttl())
                .sorted()
                .toList();
        PolicyTimeline timeline = timeline(policies);
        return new Promises(
                new RateLimits(limits(policies)),
                ttls.getFirst(),
                shortest(timeline, PolicyInForce::turnTtl),
                shortest(timeline, PolicyInForce::reservationTtl),
                CLOCK_ERROR.plus(jumped),
                injections.stream()
                        .map(Injection::withoutRedis)
                        .filter(span -> span.until() > span.from())
                        .toList(),
                new FaultAllowances(
                        ttls.getLast(),
                        spans(injections, injection -> !quiet(injection.fault()), 0),
                        unordered(policies, injections),
                        spans(injections, injection -> injection.effect() != Effect.NOTHING, TAIL),
                        spans(injections, injection -> injection.effect() == Effect.EVERYTHING, TAIL),
                        injections.stream()
                                .flatMap(injection -> injection.apart().stream())
                                .toList(),
                        Stream.concat(
                                        injections.stream()
                                                .filter(injection ->
                                                        injection.jump().isPositive())
                                                .map(injection -> refill(injection, policies)),
                                        secondBuckets(policies, injections))
                                .toList(),
                        unheard(injections),
                        stall),
                timeline,
                sessions(injections));
    }

    private static SessionAllowances sessions(List<Injection> injections) {
        return new SessionAllowances(
                spans(injections, AllowanceCalculator::elsewhere, TAIL),
                spans(injections, injection -> injection.fault() == Fault.GATEWAY_CLOCK, 0));
    }

    /** Whether another Redis than the one that goes on may have served meanwhile: another primary, or one that the gateways were moved to. */
    private static boolean elsewhere(Injection injection) {
        return !injection.apart().isEmpty()
                || (injection.effect() != Effect.NOTHING && !injection.fault().losesData());
    }

    private static PolicyTimeline timeline(List<Written> policies) {
        return new PolicyTimeline(policies.stream()
                .map(written -> new PolicyInForce(
                        written.decided(),
                        written.written(),
                        written.policy().mode(),
                        written.policy().ratePerSecond(),
                        written.policy().burst(),
                        written.policy().ttl(),
                        written.policy().turnTtl(),
                        written.policy().reservationTtl(),
                        written.policy().cap()))
                .toList());
    }

    private static Duration shortest(PolicyTimeline timeline, Function<PolicyInForce, Duration> which) {
        return timeline.policies().stream().map(which).sorted().findFirst().orElseThrow();
    }

    /**
     * The promises by which Redis' grant stamps are judged. Stamps are times of the line's clock, by which the bucket counts. Empty if the stamps are
     * not of one clock: after a jump the line's clock is ahead of ours, by which policies are dated, until the line is lost. Lost stamps are
     * missing, and stamps that gateways put back are the old ones; neither does harm.
     */
    static Optional<Promises> stamps(List<Written> policies, List<Injection> injections) {
        boolean jumped =
                injections.stream().anyMatch(injection -> injection.jump().isPositive());
        boolean lost = injections.stream().anyMatch(injection -> injection.effect() != Effect.NOTHING);
        boolean changed = policies.stream()
                        .map(written -> List.of(
                                written.policy().ratePerSecond(),
                                written.policy().burst()))
                        .distinct()
                        .count()
                > 1;
        if (jumped && (lost || changed)) {
            return Optional.empty();
        }
        Policy first = policies.getFirst().policy();
        return Optional.of(Promises.of(limits(policies), first.ttl(), first.turnTtl(), first.reservationTtl())
                .withAllowances(FaultAllowances.ofRefills(
                        secondBuckets(policies, injections).toList()))
                .withPolicies(timeline(policies)));
    }

    /** Whether no visitor may notice the fault. */
    private static boolean quiet(Fault fault) {
        return fault == Fault.GATEWAY_CLOCK || fault.changesPolicy();
    }

    /** Whether only visitors whose calls are hit notice the fault, or only the one room on hold. */
    private static boolean confined(Injection injection) {
        return quiet(injection.fault())
                || injection.fault() == Fault.HELD
                || (injection.fault().hitsCalls() && injection.effect() == Effect.NOTHING);
    }

    /** When the room may have been in mode Hold, which calls nobody, or in mode Pass, which need not call. */
    private static List<Span> withoutCalls(List<Written> policies) {
        List<Span> spans = new ArrayList<>();
        for (int i = 0; i < policies.size(); i++) {
            Mode mode = policies.get(i).policy().mode();
            if (mode == Mode.HOLD || mode == Mode.PASS) {
                long until = i + 1 < policies.size() ? policies.get(i + 1).written() : Span.OPEN;
                spans.add(new Span(policies.get(i).decided(), until));
            }
        }
        return spans;
    }

    private static List<Span> unordered(List<Written> policies, List<Injection> injections) {
        List<Span> unordered = withoutCalls(policies);
        unordered.addAll(spans(injections, injection -> !confined(injection), 0));
        return unordered;
    }

    private static List<Span> spans(List<Injection> injections, Predicate<Injection> which, long before) {
        return injections.stream()
                .filter(which)
                .map(injection -> new Span(
                        injection.span().from() - before, injection.span().until()))
                .toList();
    }

    private static Map<String, Long> unheard(List<Injection> injections) {
        return injections.stream()
                .flatMap(injection -> injection.killed().stream()
                        .map(gateway -> Map.entry(gateway, injection.span().from() - TOLD)))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, Math::min));
    }

    /** While gateways served from two Redis, the second bucket gave as many tokens again. It began empty, as in every epoch. */
    private static Stream<FaultAllowances.Refill> secondBuckets(List<Written> policies, List<Injection> injections) {
        return injections.stream()
                .flatMap(injection -> injection.apart().stream())
                .map(apart -> new FaultAllowances.Refill(
                        apart,
                        greatest(policies, apart, Policy::ratePerSecond) * (apart.until() - apart.from()) / 1e6));
    }

    private static FaultAllowances.Refill refill(Injection injection, List<Written> policies) {
        double rate = greatest(policies, injection.span(), Policy::ratePerSecond);
        double burst = greatest(policies, injection.span(), Policy::burst);
        // The measured jump is not exact to the microsecond.
        double seconds = injection.jump().plus(CLOCK_ERROR).toMillis() / 1e3;
        return new FaultAllowances.Refill(injection.span(), Math.min(burst, rate * seconds));
    }

    /** The greatest value among the policies that may have been in force in this time. */
    private static double greatest(List<Written> policies, Span time, ToDoubleFunction<Policy> figure) {
        return IntStream.range(0, policies.size())
                .filter(i -> i == 0 || policies.get(i).decided() <= time.until())
                .filter(i -> i + 1 == policies.size()
                        || time.from() <= policies.get(i + 1).written())
                .mapToDouble(i -> figure.applyAsDouble(policies.get(i).policy()))
                .max()
                .orElseThrow();
    }

    /** Between decision and write, either the new policy or the one before may be in force. */
    private static List<Limit> limits(List<Written> policies) {
        List<Limit> limits = new ArrayList<>();
        for (Written written : policies) {
            double rate = written.policy().ratePerSecond();
            int burst = written.policy().burst();
            if (!limits.isEmpty()) {
                limits.add(new Limit(
                        written.decided(),
                        Math.max(limits.getLast().perSecond(), rate),
                        Math.max(limits.getLast().burst(), burst)));
            }
            limits.add(new Limit(written.written(), rate, burst));
        }
        limits.sort(Comparator.comparingLong(Limit::from));
        return limits;
    }
}
