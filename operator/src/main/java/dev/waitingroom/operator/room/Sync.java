package dev.waitingroom.operator.room;

import dev.waitingroom.queue.policy.Policy;

/** Whether Redis holds a room's policy, and its place on the gateway's list. */
sealed interface Sync {
    /**
     * It does, and is watched.
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
     * It does not, or an older one.
     *
     * @param reason for a condition
     * @param message what to do
     */
    record Refused(String reason, String message) implements Sync {}
}
