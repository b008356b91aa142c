package dev.waitingroom.queue.room;

import dev.waitingroom.queue.store.Change;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * This process's copy of a room's active sessions, in a room with a cap. It puts them back after a loss. Read by any thread, written on the
 * room's thread.
 */
final class SessionReplica {
    private static final Duration PRUNE_INTERVAL = Duration.ofSeconds(5);

    private final ConcurrentHashMap<Long, Long> over = new ConcurrentHashMap<>();
    private boolean complete;
    private long nextPruneMillis;

    /** When the ticket's session runs out (Redis' clock, ms), as far as this process knows; 0 if it knows none. */
    long over(long ticket) {
        return over.getOrDefault(ticket, 0L);
    }

    /** Whether this process has read all sessions, and follows the journal since. On the room's thread only. */
    boolean complete() {
        return complete;
    }

    void complete(boolean readAll) {
        complete = readAll;
    }

    /** Learns sessions that were read. */
    void learn(Map<Long, Long> sessions) {
        sessions.forEach(this::lastsUntil);
    }

    void learn(List<Change> changes) {
        for (Change change : changes) {
            if (change instanceof Change.Sessions(long millis, long[] tickets)) {
                for (long ticket : tickets) {
                    learn(ticket, millis);
                }
            }
        }
    }

    private void learn(long ticket, long millis) {
        if (millis == 0) {
            end(ticket);
        } else {
            lastsUntil(ticket, millis);
        }
    }

    void end(long ticket) {
        over.remove(ticket);
    }

    /** Redis admitted this ticket, or renewed its session. A renewal is never undone. */
    void lastsUntil(long ticket, long untilMillis) {
        over.merge(ticket, untilMillis, Math::max);
    }

    /** Forgets sessions that have run out. */
    void forgetBefore(long nowMillis) {
        if (nowMillis >= nextPruneMillis && !over.isEmpty()) {
            nextPruneMillis = nowMillis + PRUNE_INTERVAL.toMillis();
            over.values().removeIf(millis -> millis <= nowMillis);
        }
    }

    /** The sessions that are active at this time, as pairs of time and ticket. */
    long[][] activeAt(long nowMillis) {
        return over.entrySet().stream()
                .filter(session -> session.getValue() > nowMillis)
                .map(session -> new long[] {session.getValue(), session.getKey()})
                .toArray(long[][]::new);
    }
}
