package dev.waitingroom.chaos.history;

/** The answer of a call. */
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
     * A successful admit.
     *
     * @param reservation the id of the reservation
     * @param second when it was granted, whole seconds since 1970
     */
    record Granted(String reservation, long second) implements Outcome {}

    /** An admit that was refused; the place stays as it was. */
    record Denied() implements Outcome {}

    /** The place is gone. */
    record Gone() implements Outcome {}

    /** A successful leave. */
    record Left() implements Outcome {}

    /** A join that the mode refuses, or of an unknown room. It had no effect. */
    record Refused() implements Outcome {}

    /**
     * A 503. The call may have had its effect: the answer may have been lost between Redis and the gateway.
     *
     * @param saysWhen whether it has Retry-After
     */
    record Unavailable(boolean saysWhen) implements Outcome {}

    /** No answer. The call may have had its effect at any time after it was sent, or not at all. */
    record Nothing() implements Outcome {}

    /**
     * An answer that the API does not allow. The call may have had its effect, as one without an answer.
     *
     * @param what the answer
     */
    record Unexpected(String what) implements Outcome {}

    /** How a place ended. */
    enum State {
        ADMITTED,
        EXPIRED,
        LEFT,
        CLOSED
    }

    /** Whether the call may have had an effect that its caller was not told. */
    default boolean unknown() {
        return this instanceof Unavailable || this instanceof Nothing || this instanceof Unexpected;
    }
}
