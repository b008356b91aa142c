package dev.waitingroom.operator.ops;

import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusDetails;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Classifies errors of the API server. */
public final class ApiErrors {
    private static final String NAMESPACE_TERMINATING = "NamespaceTerminating";
    private static final Set<Integer> FOR_GOOD = Set.of(400, 403, 422);

    private ApiErrors() {}

    /** Whether the namespace is being deleted, so that nothing can be created in it. This is not an error. */
    public static boolean namespaceEnds(KubernetesClientException refusal) {
        return Optional.ofNullable(refusal.getStatus())
                .map(Status::getDetails)
                .map(StatusDetails::getCauses)
                .orElse(List.of())
                .stream()
                .anyMatch(cause -> NAMESPACE_TERMINATING.equals(cause.getReason()));
    }

    /** Whether the request is invalid or forbidden, so that a retry fails until a person changes something. */
    public static boolean forGood(KubernetesClientException refusal) {
        return FOR_GOOD.contains(refusal.getCode()) && !namespaceEnds(refusal);
    }

    /** The API server's message, without the request. */
    public static String message(KubernetesClientException refusal) {
        return Optional.ofNullable(refusal.getStatus())
                .map(Status::getMessage)
                .orElseGet(() -> String.valueOf(refusal.getMessage()))
                .replaceFirst("[.\\s]+$", "");
    }
}
