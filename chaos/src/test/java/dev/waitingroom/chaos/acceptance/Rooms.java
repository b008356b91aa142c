package dev.waitingroom.chaos.acceptance;

import dev.waitingroom.chaos.history.Promises;
import dev.waitingroom.chaos.history.RateLimits.Limit;
import dev.waitingroom.chaos.history.Span;
import dev.waitingroom.queue.policy.Mode;
import dev.waitingroom.queue.policy.Policy;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;

/** Policies of test rooms, and their promises. */
final class Rooms {
    /** For the runs of minutes in {@code make acceptance}. */
    static final String LONG_RUN = "acceptance.long";

    static final Duration LONG = Duration.ofMinutes(5);

    /** As in Kubernetes, an object that is created again is another: gateways stop serving a deleted one at once. */
    private static final AtomicLong INCARNATIONS = new AtomicLong();

    private Rooms() {}

    /** A room of this name, with this rate a second. */
    static Policy policy(String name, Mode mode, int rate, int burst, Duration ttl) {
        long incarnation = INCARNATIONS.incrementAndGet();
        return policy(name, incarnation, 1, mode, rate, burst, ttl, Duration.ofMinutes(15), OptionalLong.empty());
    }

    private static Policy policy(
            String name,
            long incarnation,
            long generation,
            Mode mode,
            int rate,
            int burst,
            Duration ttl,
            Duration turnTtl,
            OptionalLong maxLength) {
        return new Policy(
                name,
                incarnation,
                generation,
                mode,
                rate,
                Duration.ofSeconds(1),
                burst,
                ttl,
                turnTtl,
                maxLength,
                Duration.ofMinutes(5),
                "");
    }

    static Policy with(Policy policy, Mode mode) {
        return next(policy, mode, policy.rate(), policy.burst(), policy.ttl());
    }

    static Policy withRate(Policy policy, int rate) {
        return next(policy, policy.mode(), rate, policy.burst(), policy.ttl());
    }

    static Policy withBurst(Policy policy, int burst) {
        return next(policy, policy.mode(), policy.rate(), burst, policy.ttl());
    }

    static Policy withTtl(Policy policy, Duration ttl) {
        return next(policy, policy.mode(), policy.rate(), policy.burst(), ttl);
    }

    /** The policy's next generation. */
    private static Policy next(Policy policy, Mode mode, int rate, int burst, Duration ttl) {
        return policy(
                policy.eventId(),
                policy.incarnation(),
                policy.generation() + 1,
                mode,
                rate,
                burst,
                ttl,
                policy.turnTtl(),
                policy.maxLength());
    }

    static Policy withTurnTtl(Policy policy, Duration turnTtl) {
        return first(policy, turnTtl, policy.maxLength());
    }

    static Policy withMaxLength(Policy policy, long maxLength) {
        return first(policy, policy.turnTtl(), OptionalLong.of(maxLength));
    }

    private static Policy first(Policy policy, Duration turnTtl, OptionalLong maxLength) {
        return policy(
                policy.eventId(),
                policy.incarnation(),
                policy.generation(),
                policy.mode(),
                policy.rate(),
                policy.burst(),
                policy.ttl(),
                turnTtl,
                maxLength);
    }

    /** The promises of the room if these outages are its only faults. */
    static Promises promises(Policy policy, Span... outages) {
        return promises(policy, List.of(limit(0, policy)), outages);
    }

    static Promises promises(Policy policy, List<Limit> limits, Span... outages) {
        return Promises.of(limits, policy.ttl(), policy.turnTtl(), policy.reservationTtl())
                .withOutages(List.of(outages));
    }

    /** @param from when it was written, µs since 1970 */
    static Limit limit(long from, Policy policy) {
        return new Limit(from, policy.ratePerSecond(), policy.burst());
    }
}
