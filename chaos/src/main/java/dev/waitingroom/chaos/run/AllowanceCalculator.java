package dev.waitingroom.chaos.run;

import dev.waitingroom.chaos.fault.Fault;
import dev.waitingroom.chaos.fault.Injection;
import dev.waitingroom.chaos.fault.Injection.Effect;
import dev.waitingroom.chaos.history.FaultAllowances;
import dev.waitingroom.chaos.history.PolicyInForce;
import dev.waitingroom.chaos.history.PolicyTimeline;
import dev.waitingroom.chaos.history.Promises;
import dev.waitingroom.chaos.history.Promises.Limit;
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

/** What a room still promised, given what was done to it: each fault leaves open as much as it must, and no more. */
final class AllowanceCalculator {
    private static final Duration CLOCK_ERROR = Duration.ofMillis(5);

    /** A loss costs at most what was written so long before: a replica's lag, a gateway's snapshot. */
    private static final long TAIL = 3_000_000;

    /** A gateway tells Redis who polled a second later at the latest: after a 40th of the ttl, 25 s at most in a run, with the next refresh. */
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
                limits(policies),
                ttls.getFirst(),
                shortest(timeline, PolicyInForce::turnTtl),
                shortest(timeline, PolicyInForce::reservationTtl),
                CLOCK_ERROR.plus(jumped),
                false,
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
                        Stream.concat(
                                        injections.stream()
                                                .filter(injection ->
                                                        injection.jump().isPositive())
                                                .map(injection -> refill(injection, policies)),
                                        secondBuckets(policies, injections))
                                .toList(),
                        unheard(injections),
                        stall),
                timeline);
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
                        written.policy().reservationTtl()))
                .toList());
    }

    private static Duration shortest(PolicyTimeline timeline, Function<PolicyInForce, Duration> which) {
        return timeline.policies().stream().map(which).sorted().findFirst().orElseThrow();
    }

    /**
     * What Redis' stamps of grants are judged by; they are those of the line's clock, by which the bucket counts. Empty where that is not one clock:
     * a jump leaves it ahead of ours, by which policies are dated, and it is ours again where the line was lost. Stamps that were lost
     * are missing, those that gateways put back are the old ones, and both is well.
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
        return Optional.of(new Promises(
                limits(policies),
                first.ttl(),
                first.turnTtl(),
                first.reservationTtl(),
                CLOCK_ERROR,
                false,
                List.of(),
                new FaultAllowances(
                        Duration.ZERO,
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        secondBuckets(policies, injections).toList(),
                        Map.of(),
                        Duration.ZERO),
                timeline(policies)));
    }

    /** What must not be felt by anyone. */
    private static boolean quiet(Fault fault) {
        return fault == Fault.GATEWAY_CLOCK || fault.changesPolicy();
    }

    /** What is felt by nobody but those whose calls it hits, or by the one room that is on hold. */
    private static boolean confined(Injection injection) {
        return quiet(injection.fault())
                || injection.fault() == Fault.HELD
                || (injection.fault().hitsCalls() && injection.effect() == Effect.NOTHING);
    }

    /** When the room may have been in mode Hold, in which nobody is called, or Pass, in which nobody has to be. */
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

    /** Where gateways served from two Redis, the second bucket gave as many tokens again; it began empty, as that of every epoch does. */
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
        // What is read as the jump is not exact to the microsecond.
        double seconds = injection.jump().plus(CLOCK_ERROR).toMillis() / 1e3;
        return new FaultAllowances.Refill(injection.span(), Math.min(burst, rate * seconds));
    }

    /** Of the policies that may have been in force in this time. */
    private static double greatest(List<Written> policies, Span time, ToDoubleFunction<Policy> figure) {
        return IntStream.range(0, policies.size())
                .filter(i -> i == 0 || policies.get(i).decided() <= time.until())
                .filter(i -> i + 1 == policies.size()
                        || time.from() <= policies.get(i + 1).written())
                .mapToDouble(i -> figure.applyAsDouble(policies.get(i).policy()))
                .max()
                .orElseThrow();
    }

    /** Until a policy is written either it or the one before may be in force. */
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
