package dev.waitingroom.chaos.history;

import java.util.OptionalLong;

/** The answer of a call about a session. */
public sealed interface SessionOutcome {
    /**
     * The session is accepted.
     *
     * @param over when the cookie that came with the answer expires, µs since 1970; empty if none came
     */
    record Passed(OptionalLong over) implements SessionOutcome {}

    /** The visitor is not let in. */
    record KeptOut() implements SessionOutcome {}

    /** The session is ended. */
    record Ended() implements SessionOutcome {}

    /** No answer, or that Redis is unavailable. The call may have had its effect. */
    record Unknown() implements SessionOutcome {}

    /**
     * An answer that the API does not allow. The call may have had its effect.
     *
     * @param what the answer
     */
    record Unexpected(String what) implements SessionOutcome {}
}
