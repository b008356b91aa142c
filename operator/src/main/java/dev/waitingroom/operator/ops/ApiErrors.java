package dev.waitingroom.operator.ops;

import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusDetails;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Why the API server refuses. */
public final class ApiErrors {
    private static final String NAMESPACE_TERMINATING = "NamespaceTerminating";
    private static final Set<Integer> FOR_GOOD = Set.of(400, 403, 422);

    private ApiErrors() {}

    /** Whether nothing can be made any more because the namespace is being deleted: nothing is wrong, and nothing is to be done. */
    public static boolean namespaceEnds(KubernetesClientException refusal) {
        return Optional.ofNullable(refusal.getStatus())
                .map(Status::getDetails)
                .map(StatusDetails::getCauses)
                .orElse(List.of())
                .stream()
                .anyMatch(cause -> NAMESPACE_TERMINATING.equals(cause.getReason()));
    }

    /** Whether asking again the same way is to no purpose until a person changes something: what was asked is invalid or forbidden. */
    public static boolean forGood(KubernetesClientException refusal) {
        return FOR_GOOD.contains(refusal.getCode()) && !namespaceEnds(refusal);
    }

    /** What the API server said, without the request. */
    public static String message(KubernetesClientException refusal) {
        return Optional.ofNullable(refusal.getStatus())
                .map(Status::getMessage)
                .orElseGet(() -> String.valueOf(refusal.getMessage()))
                .replaceFirst("[.\\s]+$", "");
    }
}
