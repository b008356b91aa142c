package dev.waitingroom.queue.room;

import dev.waitingroom.queue.RoomId;
import dev.waitingroom.queue.policy.Policy;
import dev.waitingroom.queue.site.SiteSettings;
import dev.waitingroom.queue.ticket.Ticket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * One room as this process serves it. Thread-safe; never blocks. Its stages never fail: they complete with an outcome, at the latest one
 * second after the call (an admit: after {@code wait} and one second).
 */
public interface Room {
    RoomId id();

    String eventId();

    /** The policy as this process last read it. Empty until Redis was read. */
    Optional<Policy> policy();

    /** The site settings as this process last read them; the defaults until then. */
    SiteSettings site();

    /**
     * Takes a place, or finds the one that the visitor key has already. Concurrent joins with the same key get the same ticket.
     *
     * @param admit whether to admit the visitor at once, if nobody is ahead and there is a token, or in mode Pass. A key whose ticket was
     *     admitted already then gets that admission again
     */
    CompletionStage<JoinOutcome> join(Optional<VisitorKey> key, Optional<String> subject, boolean admit);

    /** Where the ticket stands, from memory alone. Notes a poll of its visitor. The ticket must belong to this room. */
    TicketStatus status(Ticket ticket);

    /**
     * For a ticket whose standing is a guess until Redis has answered. Done when it has, or after a second at the latest; then the
     * standing may still be a guess. Empty for all other tickets, and while Redis is known to be unreachable.
     */
    Optional<CompletionStage<Void>> unsettled(Ticket ticket);

    /**
     * Admits the ticket if its turn has come and a token comes within {@code wait}.
     *
     * @param wait 0..2 s; longer is cut to 2 s
     */
    CompletionStage<AdmitOutcome> admit(Ticket ticket, Duration wait);

    /** Gives up the place. Does nothing if the place is on another device. */
    CompletionStage<LeaveOutcome> leave(Ticket ticket);

    /**
     * Moves a waiting place to a new device. Every gateway process knows it within a second. Then the tickets of earlier devices are
     * {@link TicketStatus.State#MOVED}, and admit nobody.
     *
     * @param ticket of a device that has or had the place
     * @param anyway whether to take the place from a later device, too; otherwise the ticket must be the last device's
     */
    CompletionStage<MoveOutcome> move(Ticket ticket, boolean anyway);

    /** The active sessions. Only a room with a cap has any. */
    RoomSessions sessions();

    /** Figures for metrics and reports, from memory alone. */
    RoomFigures figures();
}
