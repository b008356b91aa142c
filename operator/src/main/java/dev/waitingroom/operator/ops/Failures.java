package dev.waitingroom.operator.ops;

import dev.waitingroom.operator.status.ConditionSet.Finding;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.RetryInfo;
import java.util.Optional;

/** The condition of an object whose reconciliation keeps failing. Without it, only the operator's log would have the reason. */
public final class Failures {
    /** About 4 s. Conflicts and short outages of the API are over by then. */
    private static final int ATTEMPTS = 3;

    private Failures() {}

    /** Whether it has failed often enough to be reported. */
    public static boolean lasts(Optional<RetryInfo> retry) {
        return retry.map(RetryInfo::getAttemptCount)
                .filter(attempts -> attempts >= ATTEMPTS)
                .isPresent();
    }

    /** The finding to report. */
    public static Finding finding(Exception failure) {
        String detail = failure instanceof KubernetesClientException refusal
                ? ApiErrors.message(refusal)
                : String.valueOf(failure.getMessage());
        return Finding.bad(
                "ReconcileFailed",
                "The operator cannot apply the spec, and tries again: " + detail
                        + ". Correct the cause. The operator's log has details.");
    }
}
