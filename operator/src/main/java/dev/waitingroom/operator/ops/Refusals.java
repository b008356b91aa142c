package dev.waitingroom.operator.ops;

import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusDetails;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;
import java.util.Optional;

/** Why the API server refuses. */
public final class Refusals {
    private static final String NAMESPACE_TERMINATING = "NamespaceTerminating";

    private Refusals() {}

    /** Whether nothing can be made any more because the namespace is being deleted: nothing is wrong, and nothing is to be done. */
    public static boolean namespaceEnds(KubernetesClientException refusal) {
        return Optional.ofNullable(refusal.getStatus())
                .map(Status::getDetails)
                .map(StatusDetails::getCauses)
                .orElse(List.of())
                .stream()
                .anyMatch(cause -> NAMESPACE_TERMINATING.equals(cause.getReason()));
    }
}
