package dev.waitingroom.chaos.history;

import dev.waitingroom.queue.policy.Mode;
import dev.waitingroom.queue.policy.SessionCap;
import java.time.Duration;
import java.util.Optional;

/**
 * A policy of a run, and its times.
 *
 * @param decided when it was decided, µs since 1970: from then on it may be in force
 * @param written when it was certainly in Redis
 * @param mode what the room does with its visitors
 * @param perSecond admissions a second
 * @param burst tokens that a full bucket holds
 * @param ttl silence before a place may be lost
 * @param turnTtl how long a turn stays good
 * @param reservationTtl how long an admission is good for
 * @param cap how many sessions may be active at a time; empty for no limit
 */
public record PolicyInForce(
        long decided,
        long written,
        Mode mode,
        double perSecond,
        int burst,
        Duration ttl,
        Duration turnTtl,
        Duration reservationTtl,
        Optional<SessionCap> cap) {

    /** A policy that does not limit active sessions. */
    public PolicyInForce(
            long decided,
            long written,
            Mode mode,
            double perSecond,
            int burst,
            Duration ttl,
            Duration turnTtl,
            Duration reservationTtl) {
        this(decided, written, mode, perSecond, burst, ttl, turnTtl, reservationTtl, Optional.empty());
    }

    /** How long an admission that nobody ends keeps its place, in a room with a cap. */
    Duration sessionTime() {
        return cap.map(SessionCap::sessionTtl)
                .filter(session -> session.compareTo(reservationTtl) > 0)
                .orElse(reservationTtl);
    }
}
