package dev.waitingroom.operator.room;

import dev.waitingroom.queue.policy.Policy;

/** Whether Redis has a room's policy, and its place on the gateway's list. */
sealed interface Sync {
    /**
     * Redis has them, and the watch keeps them there.
     *
     * @param restored whether Redis had lost or altered the policy since the status was written
     */
    record Done(Policy policy, boolean restored) implements Sync {
        /** Nothing had to be restored. */
        Done(Policy policy) {
            this(policy, false);
        }
    }

    /**
     * Redis does not have them, or has an older policy.
     *
     * @param reason for a condition
     * @param message what to do
     */
    record Refused(String reason, String message) implements Sync {}
}
