package dev.waitingroom.chaos.history;

import java.util.OptionalLong;

/**
 * A call of a visitor.
 *
 * @param kind what was asked
 * @param span from just before it was sent until its answer was there or given up
 * @param gateway the process that was asked; one that was started anew has another name
 * @param visitor who asked: whoever joins twice under one name has one place
 * @param ticket whose place; 0 for a join
 * @param outcome what was told
 * @param told what else was told
 */
public record Event(Kind kind, Span span, String gateway, String visitor, long ticket, Outcome outcome, Told told) {
    /** What visitors do. */
    public enum Kind {
        JOIN,
        POLL,
        ADMIT,
        LEAVE
    }

    /**
     * What a visitor can go by.
     *
     * @param position 1 is next; 0 where none was told
     * @param eta until the turn comes, µs; empty where the gateway cannot tell
     * @param askAgain when to call again, µs after the answer
     */
    public record Told(long position, OptionalLong eta, OptionalLong askAgain) {
        public static final Told NOTHING = new Told(0, OptionalLong.empty(), OptionalLong.empty());
    }

    public Event(Kind kind, Span span, String gateway, String visitor, long ticket, Outcome outcome) {
        this(kind, span, gateway, visitor, ticket, outcome, Told.NOTHING);
    }
}
