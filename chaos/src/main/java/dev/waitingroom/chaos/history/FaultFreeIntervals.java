package dev.waitingroom.chaos.history;

import java.util.List;
import java.util.stream.Stream;

/**
 * When nothing was broken that lets anybody be overtaken.
 *
 * <p>While Redis, or the way to it, is broken, whose gateway still reaches it comes before those whose does not. When it is whole again all who
 * were called ask at once, and for as long as an admit is held tokens go to whoever is quicker. So the calm begins a while after the first
 * that was surely admitted since then, which shows that the line does not pause any more to recover, or where nobody is, a longer while after.
 *
 * @param broken when it was not
 */
record FaultFreeIntervals(List<Span> broken) {
    /** An admit is held for 2 s; who had none then is asked to come again after a second, and polls for another. */
    private static final long SETTLE = 5_000_000;

    FaultFreeIntervals {
        broken = List.copyOf(broken);
    }

    static FaultFreeIntervals of(List<TicketTimeline> lives, Promises promises) {
        return new FaultFreeIntervals(
                Stream.concat(promises.outages().stream(), promises.freedom().unordered().stream())
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
