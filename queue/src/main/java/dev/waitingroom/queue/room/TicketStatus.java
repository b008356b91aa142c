package dev.waitingroom.queue.room;

import dev.waitingroom.queue.eta.Eta;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What a visitor is told, computed from this process's snapshot alone.
 *
 * @param state where the ticket stands
 * @param position tickets alive ahead, plus one; 1 is next; 0 unless waiting
 * @param eta empty if unknown (on hold, recovering), and unless waiting
 * @param waited since the ticket was issued, at least zero
 * @param ready whether an admit now is expected to be granted
 * @param onHold whether the room is in mode Hold
 * @param pollAfter when to poll again; jittered, always well under the room's ttl
 * @param asOf the time, by Redis' clock, at which this was true
 */
public record TicketStatus(
        State state,
        long position,
        Optional<Eta> eta,
        Duration waited,
        boolean ready,
        boolean onHold,
        Duration pollAfter,
        Instant asOf) {

    /** Where a ticket stands. A life only goes forward. */
    public enum State {
        WAITING,
        ADMITTED,
        EXPIRED,
        LEFT,
        CLOSED,
        /** The place is on another device; only this device's ticket is over. */
        MOVED
    }
}
