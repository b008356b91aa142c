package dev.waitingroom.queue.policy;

/** What a room does with its visitors. The names are those of {@code spec.mode}. */
public enum Mode {
    /** Visitors wait and are admitted at the policy's rate. */
    QUEUE,
    /** Nobody is admitted; everyone who polls keeps their place, and turns do not run out. */
    HOLD,
    /** No line: everyone is admitted at once, past the bucket. Those who do not ask keep their places. */
    PASS,
    /** Joins are refused; those already in line go on. */
    REJECT
}
