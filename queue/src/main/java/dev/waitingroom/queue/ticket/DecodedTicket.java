package dev.waitingroom.queue.ticket;

/** What a waiting token turned out to be. */
public sealed interface DecodedTicket {
    /** Issued by this gateway, and not altered. */
    record Valid(Ticket ticket) implements DecodedTicket {}

    /** Not a token of this gateway; nothing in it may be believed. */
    record Invalid(Reason reason) implements DecodedTicket {}

    /** Why a token is refused. */
    enum Reason {
        MALFORMED,
        UNKNOWN_KEY,
        BAD_SIGNATURE
    }
}
