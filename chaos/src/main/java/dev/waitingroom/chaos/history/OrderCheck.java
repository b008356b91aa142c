package dev.waitingroom.chaos.history;

import dev.waitingroom.chaos.history.Violation.Promise;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;

/**
 * Promise 2: first come, first served. Who answers when called is overtaken by at most burst + 3 s of rate, in any {@link AttentiveInterval} of the wait.
 *
 * <p>Overtaking are those with a higher ticket who were surely admitted in the stretch: who surely were by its end, without those who may have been
 * before it began. Both are counted for all stretches by a sweep over time.
 */
final class OrderCheck {
    /** A grant that is known no better than this is left out: where it may have been before a stretch it would count against one in it. */
    private static final long VAGUE = 5_000_000;

    private final RankCounter sweep;
    private final List<TicketTimeline> granted;
    private final Promises promises;
    private final List<AttentiveInterval> stretches;

    private OrderCheck(List<TicketTimeline> lives, Promises promises) {
        this.sweep =
                new RankCounter(lives.stream().mapToLong(TicketTimeline::ticket).toArray());
        this.promises = promises;
        this.granted = lives.stream()
                .filter(life -> life.granted()
                        .filter(span -> span.until() - span.from() <= VAGUE)
                        .isPresent())
                .toList();
        FaultFreeIntervals calm = FaultFreeIntervals.of(lives, promises);
        // In mode Pass whoever asks is admitted.
        this.stretches = promises.passes()
                ? List.of()
                : lives.stream()
                        .flatMap(life -> AttentiveInterval.of(life, calm, promises).stream())
                        .toList();
    }

    static List<Violation> judge(List<TicketTimeline> lives, Promises promises) {
        return new OrderCheck(lives, promises).violations();
    }

    /**
     * How many waiters' order was judged: so many were admitted in a stretch of their wait that it would have been a violation, had all of
     * them had a higher ticket.
     */
    static int judged(List<TicketTimeline> lives, Promises promises) {
        return new OrderCheck(lives, promises).judged();
    }

    private List<Violation> violations() {
        int[] all = admitted(stretch -> sweep.top());
        int[] before = admitted(stretch -> sweep.rank(stretch.life()) + 1);
        var violations = new ArrayList<Violation>();
        for (int i = 0; i < stretches.size(); i++) {
            AttentiveInterval stretch = stretches.get(i);
            double most = most(stretch);
            if (all[i] - before[i] > most) {
                violations.add(new Violation(
                        Promise.ORDER,
                        stretch.until(),
                        "ticket %d was overtaken by %d in %.1f s, at most %.0f may"
                                .formatted(
                                        stretch.life().ticket(),
                                        all[i] - before[i],
                                        (stretch.until() - stretch.from()) / 1e6,
                                        most),
                        List.of(stretch.life().ticket())));
            }
        }
        return violations;
    }

    private int judged() {
        int[] all = admitted(stretch -> sweep.top());
        return (int) IntStream.range(0, stretches.size())
                .filter(i -> all[i] > most(stretches.get(i)))
                .mapToLong(i -> stretches.get(i).life().ticket())
                .distinct()
                .count();
    }

    private double most(AttentiveInterval stretch) {
        return promises.mayOvertake(stretch.from(), stretch.until());
    }

    /** For each stretch how many of a rank below were surely admitted in it, at least. */
    private int[] admitted(ToIntFunction<AttentiveInterval> below) {
        int[] ranks = stretches.stream().mapToInt(below).toArray();
        int[] byItsEnd =
                sweep.below(granted, life -> grant(life).until(), ranks, times(AttentiveInterval::until), true);
        int[] beforeIt = sweep.below(granted, life -> grant(life).from(), ranks, times(AttentiveInterval::from), false);
        int[] within = new int[ranks.length];
        Arrays.setAll(within, i -> byItsEnd[i] - beforeIt[i]);
        return within;
    }

    private static Span grant(TicketTimeline life) {
        return life.granted().orElseThrow();
    }

    private long[] times(ToLongFunction<AttentiveInterval> time) {
        return stretches.stream().mapToLong(time).toArray();
    }
}
