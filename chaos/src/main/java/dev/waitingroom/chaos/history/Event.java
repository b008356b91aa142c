package dev.waitingroom.chaos.history;

import java.util.OptionalLong;

/**
 * A call of a visitor.
 *
 * @param kind the operation
 * @param span from just before it was sent until its answer came or was given up
 * @param gateway the gateway process that was called; a restarted process has another name
 * @param visitor the visitor key: two joins with one key have one place
 * @param ticket the ticket that was shown; 0 for a join
 * @param outcome the answer
 * @param told further content of the answer
 */
public record Event(Kind kind, Span span, String gateway, String visitor, long ticket, Outcome outcome, Told told) {
    /** The operations of the API. */
    public enum Kind {
        JOIN,
        /** A join that asks to be admitted. If it is, an ADMIT of the same span follows. */
        ENTER,
        POLL,
        ADMIT,
        LEAVE
    }

    /**
     * What an answer tells a visitor about the wait.
     *
     * @param position 1 is next; 0 if the answer has none
     * @param eta the estimate, µs; empty if the gateway has none
     * @param askAgain when to call again, µs after the answer
     */
    public record Told(long position, OptionalLong eta, OptionalLong askAgain) {
        public static final Told NOTHING = new Told(0, OptionalLong.empty(), OptionalLong.empty());
    }

    /** Whether the call takes a place. */
    boolean joins() {
        return kind == Kind.JOIN || kind == Kind.ENTER;
    }

    public Event(Kind kind, Span span, String gateway, String visitor, long ticket, Outcome outcome) {
        this(kind, span, gateway, visitor, ticket, outcome, Told.NOTHING);
    }
}
