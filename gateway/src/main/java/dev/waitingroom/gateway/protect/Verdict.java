package dev.waitingroom.gateway.protect;

import dev.waitingroom.gateway.session.Session;

/** Whether a request reaches the protected service. */
public sealed interface Verdict {
    /** It does, by a session. */
    record Admitted(Session session) implements Verdict {}

    /** It does without a session. */
    record Passes(Reason reason) implements Verdict {}

    /** Its visitor must wait first. */
    record Waits() implements Verdict {}

    /** Why a request needs no session. */
    enum Reason {
        OPEN_PATH,
        /** A browser asks by it whether it may send the request; it carries no cookies (Fetch standard, CORS). */
        PREFLIGHT,
        BYPASS,
        /** It carries a reservation token, as programs do. */
        RESERVATION,
        REDIS_UNAVAILABLE
    }
}
