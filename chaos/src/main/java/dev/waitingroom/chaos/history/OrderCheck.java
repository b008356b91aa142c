package dev.waitingroom.chaos.history;

import dev.waitingroom.chaos.history.Violation.Promise;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;

/**
 * Promise 2: first come, first served. In any {@link AttentiveInterval} of a wait, at most burst + 3 s of rate overtake.
 *
 * <p>A visitor overtakes if the ticket is higher and was certainly admitted in the interval. These are the visitors certainly admitted by its end,
 * less those who may have been admitted before it began. {@link RankCounter} counts both for all intervals at once.
 */
final class OrderCheck {
    /** A grant whose time is less certain than this is left out. If it may have been before an interval, it would reduce the count of that interval. */
    private static final long VAGUE = 5_000_000;

    private final RankCounter counter;
    private final List<TicketTimeline> granted;
    private final Promises promises;
    private final List<AttentiveInterval> intervals;

    private OrderCheck(List<TicketTimeline> lives, Promises promises) {
        this.counter =
                new RankCounter(lives.stream().mapToLong(TicketTimeline::ticket).toArray());
        this.promises = promises;
        this.granted = lives.stream()
                .filter(life -> life.granted()
                        .filter(span -> span.until() - span.from() <= VAGUE)
                        .isPresent())
                .toList();
        FaultFreeIntervals calm = FaultFreeIntervals.of(lives, promises);
        this.intervals = lives.stream()
                .flatMap(life -> AttentiveInterval.of(life, calm, promises).stream())
                .toList();
    }

    static List<Violation> judge(List<TicketTimeline> lives, Promises promises) {
        return new OrderCheck(lives, promises).violations();
    }

    /**
     * How many waiting visitors were judged. A visitor counts if enough others were admitted in an interval of the wait to break the promise, had all
     * of them had a higher ticket.
     */
    static int judged(List<TicketTimeline> lives, Promises promises) {
        return new OrderCheck(lives, promises).judged();
    }

    private List<Violation> violations() {
        int[] all = admitted(interval -> counter.top());
        int[] before = admitted(interval -> counter.rank(interval.life()) + 1);
        var violations = new ArrayList<Violation>();
        for (int i = 0; i < intervals.size(); i++) {
            AttentiveInterval interval = intervals.get(i);
            double most = most(interval);
            if (all[i] - before[i] > most) {
                violations.add(new Violation(
                        Promise.ORDER,
                        interval.until(),
                        "ticket %d was overtaken by %d in %.1f s, at most %.0f may"
                                .formatted(
                                        interval.life().ticket(),
                                        all[i] - before[i],
                                        (interval.until() - interval.from()) / 1e6,
                                        most),
                        List.of(interval.life().ticket())));
            }
        }
        return violations;
    }

    private int judged() {
        int[] all = admitted(interval -> counter.top());
        return (int) IntStream.range(0, intervals.size())
                .filter(i -> all[i] > most(intervals.get(i)))
                .mapToLong(i -> intervals.get(i).life().ticket())
                .distinct()
                .count();
    }

    private double most(AttentiveInterval interval) {
        return promises.mayOvertake(interval.from(), interval.until());
    }

    /** For each interval: how many tickets of a rank below were certainly admitted in it. */
    private int[] admitted(ToIntFunction<AttentiveInterval> below) {
        int[] ranks = intervals.stream().mapToInt(below).toArray();
        int[] byTheEnd =
                counter.below(granted, life -> grant(life).until(), ranks, times(AttentiveInterval::until), true);
        int[] beforeTheBegin =
                counter.below(granted, life -> grant(life).from(), ranks, times(AttentiveInterval::from), false);
        int[] within = new int[ranks.length];
        Arrays.setAll(within, i -> byTheEnd[i] - beforeTheBegin[i]);
        return within;
    }

    private static Span grant(TicketTimeline life) {
        return life.granted().orElseThrow();
    }

    private long[] times(ToLongFunction<AttentiveInterval> time) {
        return intervals.stream().mapToLong(time).toArray();
    }
}
