package dev.waitingroom.chaos.history;

import java.util.List;

/**
 * A call about the session of an admitted ticket.
 *
 * @param kind what was asked
 * @param span from just before it was sent until its answer came or was given up
 * @param gateway the gateway process that was called
 * @param ticket that was admitted
 * @param over when the cookie that was shown expires, µs since 1970; 0 if none was shown
 * @param outcome the answer
 */
public record SessionEvent(Kind kind, Span span, String gateway, long ticket, long over, SessionOutcome outcome) {
    /** What is asked about a session. */
    public enum Kind {
        /** The page is asked for the session's cookie. That repeats the ticket's admission. */
        BEGIN,
        /** The route check is asked whether the session may pass. */
        USE,
        /** The route check is shown a cookie that no gateway made for this room. */
        FORGE,
        /** The session is to end. */
        END
    }

    /** When the first call to end the session was sent; {@link Span#OPEN} if there was none. */
    static long endSent(List<SessionEvent> events) {
        return events.stream()
                .filter(event -> event.kind() == Kind.END)
                .mapToLong(event -> event.span().from())
                .min()
                .orElse(Span.OPEN);
    }
}
