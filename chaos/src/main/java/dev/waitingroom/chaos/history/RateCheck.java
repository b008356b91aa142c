package dev.waitingroom.chaos.history;

import dev.waitingroom.chaos.history.Violation.Promise;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Promise 1: no window holds more grants than burst + rate · length.
 *
 * <p>A grant is known to lie in a span, exact stamps being short ones. A window surely holds it if it holds its span; so over all windows
 * [a, b] the greatest of (spans within) − (tokens that came from a to b) − (the burst in force at a) must not exceed 0. Sweeping b over the ends of spans,
 * a tree over their beginnings has for every a the spans within [a, b], plus the tokens until a.
 */
final class RateCheck {
    /** Tokens are counted since 1970: a double has no more digits. */
    private static final double ROUNDING = 1e-4;

    private RateCheck() {}

    static List<Violation> judge(List<TicketTimeline> lives, Promises promises) {
        return judgeGrants(
                lives.stream().flatMap(life -> life.granted().stream()).toList(), promises);
    }

    /** In mode Pass an admission takes no token: what may have been one of those counts as none. */
    static List<Violation> judgeGrants(List<Span> all, Promises promises) {
        List<Span> grants = all.stream()
                .filter(grant -> !promises.policies().mayPass(grant.from(), grant.until()))
                .toList();
        long[] begins =
                grants.stream().mapToLong(Span::from).sorted().distinct().toArray();
        if (begins.length == 0) {
            return List.of();
        }
        var tree = new MaxTree(Arrays.stream(begins)
                .mapToDouble(at -> promises.tokensBefore(at) - promises.burstAt(at))
                .toArray());
        var violations = new ArrayList<Violation>();
        List<Span> ordered =
                grants.stream().sorted(Comparator.comparingLong(Span::until)).toList();
        for (Span grant : ordered) {
            tree.raiseBelow(upTo(begins, grant.from()));
            double surplus = tree.greatestBelow(upTo(begins, grant.until())) - promises.tokensUntil(grant.until());
            if (surplus > ROUNDING) {
                violations.add(new Violation(
                        Promise.RATE,
                        grant.until(),
                        "a window that ends here holds %.3f grants more than its burst and tokens allow"
                                .formatted(surplus),
                        List.of()));
            }
        }
        return violations;
    }

    private static int upTo(long[] sorted, long value) {
        int found = Arrays.binarySearch(sorted, value);
        return found >= 0 ? found + 1 : -found - 1;
    }
}
