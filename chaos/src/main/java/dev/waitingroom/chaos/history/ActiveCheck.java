package dev.waitingroom.chaos.history;

import dev.waitingroom.chaos.history.Violation.Promise;
import dev.waitingroom.queue.policy.Mode;
import dev.waitingroom.queue.policy.SessionCap;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;

/**
 * In a room with {@code maxActive} no more sessions are active than that. No loss in Redis allows more: while sessions may be missing, the room
 * counts as full. Visitors of a run end no session, so each admission keeps its place until it runs out.
 *
 * <p>A session is certainly active from the end of the span in which it began until the earliest time when it may run out. A run is judged if each
 * of its policies has a cap and none is in mode Pass, by the greatest cap and the shortest sessions of its policies. Two Redis count
 * sessions apart, so a run is not judged while gateways served from both.
 */
final class ActiveCheck {
    private ActiveCheck() {}

    static List<Violation> judge(List<TicketTimeline> lives, Promises promises) {
        return limit(promises).map(limit -> judge(lives, promises, limit)).orElse(List.of());
    }

    private static Optional<Integer> limit(Promises promises) {
        List<PolicyInForce> policies = promises.policies().policies();
        boolean judged = policies.stream().allMatch(policy -> policy.cap().isPresent() && policy.mode() != Mode.PASS);
        return judged && promises.allowances().moves().isEmpty()
                ? policies.stream()
                        .flatMap(policy -> policy.cap().stream())
                        .map(SessionCap::maxActive)
                        .max(Comparator.naturalOrder())
                : Optional.empty();
    }

    private static List<Violation> judge(List<TicketTimeline> lives, Promises promises, int limit) {
        List<TicketTimeline> admitted = lives.stream()
                .filter(life -> life.granted().isPresent())
                .sorted(Comparator.comparingLong(life -> grant(life).until()))
                .toList();
        long least = leastMicros(promises);
        var violations = new ArrayList<Violation>();
        var ends = new PriorityQueue<Long>();
        for (TicketTimeline life : admitted) {
            long begins = grant(life).until();
            while (!ends.isEmpty() && ends.peek() <= begins) {
                ends.remove();
            }
            if (grant(life).from() + least > begins) {
                ends.add(grant(life).from() + least);
            }
            if (ends.size() > limit) {
                violations.add(new Violation(
                        Promise.ACTIVE,
                        begins,
                        "%d sessions are active, though at most %d may be".formatted(ends.size(), limit),
                        List.of(life.ticket())));
            }
        }
        return violations;
    }

    /** How long a session lasts at least, µs. */
    private static long leastMicros(Promises promises) {
        long shortest = promises.policies().policies().stream()
                .mapToLong(policy -> Promises.micros(policy.sessionTime()))
                .min()
                .orElse(0);
        return shortest - Promises.micros(promises.clockError());
    }

    private static Span grant(TicketTimeline life) {
        return life.granted().orElseThrow();
    }
}
