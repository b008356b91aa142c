package dev.waitingroom.chaos.history;

import dev.waitingroom.chaos.history.Event.Kind;
import dev.waitingroom.chaos.history.Violation.Promise;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Promise 5: a ticket is never lost, and never given to two visitors. One visitor key has one place. */
final class PlaceCheck {
    private PlaceCheck() {}

    static List<Violation> judge(History history, List<TicketTimeline> lives, Promises promises) {
        var violations = new ArrayList<Violation>();
        Map<Long, TicketTimeline> byTicket = HashMap.newHashMap(lives.size());
        for (TicketTimeline life : lives) {
            byTicket.put(life.ticket(), life);
            doubled(life, violations);
            lost(life, promises, violations);
            lostThoughPolling(life, promises, violations);
        }
        twoPlaces(history, byTicket, promises, violations);
        return violations;
    }

    private static void doubled(TicketTimeline life, List<Violation> violations) {
        List<Event> joins = life.events().stream().filter(Event::joins).toList();
        List<String> visitors = joins.stream().map(Event::visitor).distinct().toList();
        if (visitors.size() > 1) {
            violations.add(new Violation(
                    Promise.PLACE,
                    joins.getLast().span().until(),
                    "ticket %d was given to %s".formatted(life.ticket(), visitors),
                    List.of(life.ticket())));
        }
    }

    /** A place ends only by admission, by leaving, by silence, or by a missed turn. */
    private static void lost(TicketTimeline life, Promises promises, List<Violation> violations) {
        for (Event event : life.events()) {
            boolean over = switch (event.outcome()) {
                case Outcome.Gone gone -> true;
                case Outcome.Over(Outcome.State state, long asOf) -> state != Outcome.State.ADMITTED;
                default -> false;
            };
            if (over
                    && !endedItself(life, event.span().until())
                    && event.span().until() + Promises.micros(promises.clockError()) < life.surelyAliveUntil()) {
                violations.add(new Violation(
                        Promise.PLACE,
                        event.span().until(),
                        "ticket %d lost its place, though it was neither silent nor late".formatted(life.ticket()),
                        List.of(life.ticket())));
                return;
            }
        }
    }

    private static boolean endedItself(TicketTimeline life, long by) {
        return life.left().isPresent()
                || life.mayBeGrantedFrom() < by
                || life.events().stream()
                        .anyMatch(other ->
                                other.kind() == Kind.LEAVE && other.span().from() < by);
    }

    /** A visitor who polls when told to, and enters when allowed to, keeps the place under every policy and every change of it. */
    private static void lostThoughPolling(TicketTimeline life, Promises promises, List<Violation> violations) {
        for (PollingSpan span : PollingSpan.of(life, promises)) {
            if (span.lostAt().isPresent() && !endedItself(life, span.lostAt().getAsLong())) {
                violations.add(new Violation(
                        Promise.PLACE,
                        span.lostAt().getAsLong(),
                        "ticket %d lost its place, though it had polled whenever it was told to since %.1f s before"
                                .formatted(life.ticket(), (span.lostAt().getAsLong() - span.from()) / 1e6),
                        List.of(life.ticket())));
            }
        }
    }

    /** A visitor who joins again while the place certainly exists gets that place, unless Redis lost the visitor keys meanwhile. */
    private static void twoPlaces(
            History history, Map<Long, TicketTimeline> lives, Promises promises, List<Violation> violations) {
        Map<String, TicketTimeline> places = new HashMap<>();
        for (Event event : history.events()) {
            if (event.outcome() instanceof Outcome.Took(long ticket)) {
                TicketTimeline taken = lives.get(ticket);
                TicketTimeline had = places.get(event.visitor());
                if (taken == null) {
                    continue;
                }
                if (had != null
                        && had.ticket() != ticket
                        && event.span().until() < had.surelyAliveUntil()
                        && taken.joinSent() >= had.joinSent()
                        && !promises.visitorKeysLost(
                                had.joinSent(), event.span().until())) {
                    violations.add(new Violation(
                            Promise.PLACE,
                            event.span().until(),
                            "%s has tickets %d and %d".formatted(event.visitor(), had.ticket(), ticket),
                            List.of(had.ticket(), ticket)));
                }
                places.put(event.visitor(), taken);
            }
        }
    }
}
