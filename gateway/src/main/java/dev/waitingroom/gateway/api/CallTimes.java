package dev.waitingroom.gateway.api;

import java.time.Duration;

/** Times that the API and the page share. */
public final class CallTimes {
    /** How long an admit is held for a token, unless the caller prefers less. */
    public static final Duration MAX_ADMIT_WAIT = Duration.ofSeconds(2);

    /** When to join a full room again. */
    public static final Duration FULL_RETRY = Duration.ofSeconds(10);

    /** When to join again where joins are closed. */
    public static final Duration CLOSED_RETRY = Duration.ofSeconds(30);

    private CallTimes() {}
}
