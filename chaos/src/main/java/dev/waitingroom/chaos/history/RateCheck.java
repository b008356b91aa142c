package dev.waitingroom.chaos.history;

import dev.waitingroom.chaos.history.Violation.Promise;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Promise 1: no window contains more grants than burst + rate · length.
 *
 * <p>A grant is known to lie in a span; a grant stamp is a short one. A window certainly contains a grant if it contains its span. For every window
 * [a, b]: (spans within) − (tokens that came from a to b) − (burst in force at a) must not exceed 0.
 *
 * <p>The check passes over the ends b in order. A tree over the beginnings a has, for each a, the number of spans within [a, b] plus the tokens until
 * a, less the burst. Its greatest value decides.
 */
final class RateCheck {
    /** Tokens are counted since 1970, and a double has no more digits. */
    private static final double ROUNDING = 1e-4;

    private RateCheck() {}

    static List<Violation> judge(List<TicketTimeline> lives, Promises promises) {
        return judgeGrants(
                lives.stream().flatMap(life -> life.granted().stream()).toList(), promises);
    }

    /** An admission in mode Pass takes no token. A grant that may have been one does not count. */
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
                .mapToDouble(at -> promises.tokensBefore(at) - promises.limits().burstAt(at))
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
                        "a window that ends here contains %.3f grants more than its burst and tokens allow"
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
