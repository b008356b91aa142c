package dev.waitingroom.chaos.history;

import dev.waitingroom.chaos.history.Violation.Promise;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.PriorityQueue;

/**
 * In a room with {@code maxActive} nobody is admitted while as many sessions are active. No loss in Redis allows more: while sessions may be
 * missing, the room counts as full.
 *
 * <p>The sessions that are certainly active at one time began one after the other. When the last of them began, all others were active. So they
 * are at most as many as the greatest cap that may have been in force then. A lowered cap ends no session: it is judged when the next visitor is
 * admitted. Mode Pass admits past the cap, but its sessions count.
 */
final class ActiveCheck {
    private ActiveCheck() {}

    static List<Violation> judge(List<TicketTimeline> lives, Promises promises) {
        List<CountedSession> sessions = lives.stream()
                .flatMap(life -> CountedSession.of(life, promises).stream())
                .sorted(Comparator.comparingLong(session -> session.begun().until()))
                .toList();
        var violations = new ArrayList<Violation>();
        var active = new PriorityQueue<CountedSession>(Comparator.comparingLong(CountedSession::over));
        for (CountedSession session : sessions) {
            long now = session.begun().until();
            while (!active.isEmpty() && active.peek().over() <= now) {
                active.remove();
            }
            if (session.over() > now) {
                active.add(session);
            }
            long lastBegan = active.stream()
                    .mapToLong(other -> other.begun().from())
                    .max()
                    .orElse(now);
            OptionalInt limit = promises.policies().greatestCap(lastBegan, now);
            if (limit.isPresent() && active.size() > limit.getAsInt()) {
                violations.add(new Violation(
                        Promise.ACTIVE,
                        now,
                        "%d sessions are active, though at most %d may be".formatted(active.size(), limit.getAsInt()),
                        List.of(session.ticket())));
            }
        }
        return violations;
    }
}
