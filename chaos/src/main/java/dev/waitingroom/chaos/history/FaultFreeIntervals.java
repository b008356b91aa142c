package dev.waitingroom.chaos.history;

import java.util.List;
import java.util.stream.Stream;

/**
 * The times in which no fault lets visitors be overtaken.
 *
 * <p>While Redis or a way to it is broken, visitors of a gateway that still reaches Redis overtake the others. After the repair all called visitors
 * ask at once, and as long as admits are held, tokens go to the quickest. So such a time begins 5 s after the first certain admission, which shows
 * that the line has recovered. If nobody is admitted, it begins {@link Promises#RECOVERY} after the fault.
 *
 * @param broken the times outside
 */
record FaultFreeIntervals(List<Span> broken) {
    /** An admit is held for 2 s. A visitor without a token by then is told to come again after a second, and polls for another. */
    private static final long SETTLE = 5_000_000;

    FaultFreeIntervals {
        broken = List.copyOf(broken);
    }

    static FaultFreeIntervals of(List<TicketTimeline> lives, Promises promises) {
        return new FaultFreeIntervals(
                Stream.concat(promises.outages().stream(), promises.allowances().unordered().stream())
                        .map(fault -> new Span(fault.from(), settled(fault, lives)))
                        .toList());
    }

    private static long settled(Span fault, List<TicketTimeline> lives) {
        long admitsAgain = lives.stream()
                .flatMap(life -> life.granted().stream())
                .filter(granted -> granted.from() >= fault.until())
                .mapToLong(Span::until)
                .min()
                .orElse(Span.OPEN - SETTLE);
        return Math.min(admitsAgain + SETTLE, fault.until() + Promises.RECOVERY);
    }

    boolean during(Span span) {
        return broken.stream().noneMatch(fault -> fault.from() <= span.until() && span.from() <= fault.until());
    }
}
