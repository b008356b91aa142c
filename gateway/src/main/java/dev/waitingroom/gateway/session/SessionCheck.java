package dev.waitingroom.gateway.session;

/** What a session cookie turned out to be. */
public sealed interface SessionCheck {
    /** Issued by this gateway for this room, and not expired. */
    record Valid(Session session) implements SessionCheck {}

    /** Admits nobody. */
    record Invalid(Reason reason) implements SessionCheck {}

    /** Why a session is refused. */
    enum Reason {
        MALFORMED,
        UNKNOWN_KEY,
        BAD_SIGNATURE,
        /** Of another event, or of a deleted room of the same event. */
        OTHER_ROOM,
        EXPIRED
    }
}
