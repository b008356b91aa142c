package dev.waitingroom.chaos.history;

/** What a visitor was told. */
public sealed interface Outcome {
    /** A join that gave this ticket. */
    record Took(long ticket) implements Outcome {}

    /**
     * A poll: still in line.
     *
     * @param asOf when this was true, µs since 1970
     */
    record Waiting(long position, boolean ready, boolean onHold, long asOf) implements Outcome {}

    /** A poll: not in line any more. */
    record Over(State state, long asOf) implements Outcome {}

    /**
     * An admit that let in.
     *
     * @param reservation its id
     * @param second when, in whole seconds since 1970
     */
    record Granted(String reservation, long second) implements Outcome {}

    /** An admit that did not, and left the place as it was. */
    record Denied() implements Outcome {}

    /** The place is gone. */
    record Gone() implements Outcome {}

    /** A leave that was done. */
    record Left() implements Outcome {}

    /** A join that is not wanted, or of a room that is not known: it had no effect. */
    record Refused() implements Outcome {}

    /**
     * A 503. The call may have had its effect all the same: its answer may have been lost behind the gateway.
     *
     * @param saysWhen whether it says when to try again
     */
    record Unavailable(boolean saysWhen) implements Outcome {}

    /** No answer: it may have had its effect at any time after it was sent, or not. */
    record Nothing() implements Outcome {}

    /**
     * An answer that no visitor should get. It may have had its effect as one without an answer.
     *
     * @param what it was
     */
    record Unexpected(String what) implements Outcome {}

    /** How a place ended. */
    enum State {
        ADMITTED,
        EXPIRED,
        LEFT,
        CLOSED
    }

    /** Whether the call may have had an effect that its caller was not told of. */
    default boolean unknown() {
        return this instanceof Unavailable || this instanceof Nothing || this instanceof Unexpected;
    }
}
