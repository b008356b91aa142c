package dev.waitingroom.queue.room;

import dev.waitingroom.queue.RoomId;
import dev.waitingroom.queue.policy.Policy;
import dev.waitingroom.queue.ticket.Ticket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * One room as this process serves it. Thread-safe; never blocks; its stages never fail, they complete with an outcome, at the latest
 * one second after the call (an admit: after {@code wait} and one second).
 */
public interface Room {
    RoomId id();

    String eventId();

    /** The policy as this process last saw it; empty until Redis was first read. */
    Optional<Policy> policy();

    /** Takes a place, or finds the one that the visitor key already holds. The same key side by side gets the same ticket. */
    CompletionStage<JoinOutcome> join(Optional<VisitorKey> key, Optional<String> subject);

    /** Where the ticket stands, from memory alone, and notes that its visitor is there. The ticket must be of this room. */
    TicketStatus status(Ticket ticket);

    /**
     * For a ticket that this process has yet to hear of from Redis: done when it has, or after a second at the latest; where it has not
     * even then, the ticket is still unsettled. Until it is settled {@link #status} guesses. Empty for all others, and where Redis is
     * known to be away: then a guess is all there is.
     */
    Optional<CompletionStage<Void>> unsettled(Ticket ticket);

    /**
     * Admits the ticket if its turn has come and a token comes within {@code wait}.
     *
     * @param wait 0..2 s; longer is cut to 2 s
     */
    CompletionStage<AdmitOutcome> admit(Ticket ticket, Duration wait);

    /** Gives the place up. */
    CompletionStage<LeaveOutcome> leave(Ticket ticket);

    /** Figures for metrics and reports, from memory alone. */
    RoomFigures figures();
}
