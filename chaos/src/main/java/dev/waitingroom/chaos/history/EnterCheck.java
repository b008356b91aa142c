package dev.waitingroom.chaos.history;

import dev.waitingroom.chaos.history.Violation.Promise;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Promise 2: a join admits nobody past an earlier ticket that waits. No fault allows it: while Redis may have lost a ticket, no join admits. In
 * mode Pass everybody may enter.
 *
 * <p>A ticket certainly waited at the time of an admission if its join was answered before, and it kept its place until after. The tickets are
 * taken in as their joins are answered. Of those with a lower number only the one that kept its place for longest counts.
 */
final class EnterCheck {
    private final Promises promises;

    /** By ticket, each with a later end than all below it. */
    private final TreeMap<Long, TicketTimeline> longest = new TreeMap<>();

    private EnterCheck(Promises promises) {
        this.promises = promises;
    }

    static List<Violation> judge(List<TicketTimeline> lives, Promises promises) {
        return new EnterCheck(promises).violations(lives);
    }

    private List<Violation> violations(List<TicketTimeline> lives) {
        List<TicketTimeline> joined = lives.stream()
                .sorted(Comparator.comparingLong(TicketTimeline::joinDone))
                .toList();
        List<TicketTimeline> entered = lives.stream()
                .filter(life -> life.entered() && life.granted().isPresent())
                .sorted(Comparator.comparingLong(life -> grant(life).from()))
                .toList();
        var violations = new ArrayList<Violation>();
        int next = 0;
        for (TicketTimeline life : entered) {
            for (;
                    next < joined.size()
                            && joined.get(next).joinDone() < grant(life).from();
                    next++) {
                takeIn(joined.get(next));
            }
            judge(life, violations);
        }
        return violations;
    }

    private void takeIn(TicketTimeline life) {
        Map.Entry<Long, TicketTimeline> below = longest.floorEntry(life.ticket());
        if (below != null && below.getValue().surelyAliveUntil() >= life.surelyAliveUntil()) {
            return;
        }
        longest.put(life.ticket(), life);
        Map.Entry<Long, TicketTimeline> above = longest.higherEntry(life.ticket());
        while (above != null && above.getValue().surelyAliveUntil() <= life.surelyAliveUntil()) {
            longest.remove(above.getKey());
            above = longest.higherEntry(life.ticket());
        }
    }

    private void judge(TicketTimeline life, List<Violation> violations) {
        Map.Entry<Long, TicketTimeline> ahead = longest.lowerEntry(life.ticket());
        Span grant = grant(life);
        if (ahead == null
                || grant.until() + Promises.micros(promises.clockError())
                        >= ahead.getValue().surelyAliveUntil()
                || promises.policies().mayPass(grant.from(), grant.until())) {
            return;
        }
        violations.add(new Violation(
                Promise.ORDER,
                grant.until(),
                "ticket %d was admitted with its join, though ticket %d waited"
                        .formatted(life.ticket(), ahead.getKey()),
                List.of(life.ticket(), ahead.getKey())));
    }

    private static Span grant(TicketTimeline life) {
        return life.granted().orElseThrow();
    }
}
