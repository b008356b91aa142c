package dev.waitingroom.chaos.history;

/**
 * A call of a visitor.
 *
 * @param kind what was asked
 * @param span from just before it was sent until its answer was there or given up
 * @param gateway the process that was asked; one that was started anew has another name
 * @param visitor who asked: whoever joins twice under one name has one place
 * @param ticket whose place; 0 for a join
 * @param outcome what was told
 */
public record Event(Kind kind, Span span, String gateway, String visitor, long ticket, Outcome outcome) {
    /** What visitors do. */
    public enum Kind {
        JOIN,
        POLL,
        ADMIT,
        LEAVE
    }
}
