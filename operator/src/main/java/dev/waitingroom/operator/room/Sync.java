package dev.waitingroom.operator.room;

import dev.waitingroom.operator.site.SiteFactory.Site;
import dev.waitingroom.queue.policy.Policy;

/** Whether Redis has a room's policy, and its place on the gateway's list. */
sealed interface Sync {
    /**
     * Redis has them, and the watch keeps them there.
     *
     * @param site the site settings that Redis has
     * @param restored whether Redis had lost or altered the policy since the status was written
     */
    record Done(Policy policy, Site site, boolean restored) implements Sync {
        /** Nothing had to be restored. */
        Done(Policy policy, Site site) {
            this(policy, site, false);
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
