package dev.waitingroom.operator.ops;

import dev.waitingroom.operator.status.ConditionSet.Finding;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.RetryInfo;
import java.util.Optional;

/** What is said of an object whose reconciliation fails again and again, so that the reason is not in the operator's log alone. */
public final class Failures {
    /** Conflicts and short outages of the API are over by then: some four seconds. */
    private static final int ATTEMPTS = 3;

    private Failures() {}

    /** Whether it has failed often enough to be said. */
    public static boolean lasts(Optional<RetryInfo> retry) {
        return retry.map(RetryInfo::getAttemptCount)
                .filter(attempts -> attempts >= ATTEMPTS)
                .isPresent();
    }

    /** What is said. */
    public static Finding finding(Exception failure) {
        String detail = failure instanceof KubernetesClientException refusal
                ? ApiErrors.message(refusal)
                : String.valueOf(failure.getMessage());
        return Finding.bad(
                "ReconcileFailed",
                "The operator cannot put the spec in force, and tries again: " + detail
                        + ". Correct what it names; the operator's log says more.");
    }
}
