package dev.waitingroom.operator.scope;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Optional;

/**
 * Whether the operator has its rights in a scope. It lists one object of each kind, as its informers will. An informer without that right would
 * keep the whole operator from starting.
 */
final class Rights {
    private static final ListOptionsBuilder ONE = new ListOptionsBuilder().withLimit(1L);

    private final KubernetesClient client;
    private final List<Class<? extends HasMetadata>> kinds;

    Rights(KubernetesClient client, List<Class<? extends HasMetadata>> kinds) {
        this.client = client;
        this.kinds = List.copyOf(kinds);
    }

    /**
     * The API server's message for the first list that it refuses.
     *
     * @return empty if it refuses none
     */
    Optional<String> missing(Scope scope) {
        for (Class<? extends HasMetadata> kind : kinds) {
            try {
                var resources = client.resources(kind);
                var _ = scope.namespace().isPresent()
                        ? resources.inNamespace(scope.namespace().get()).list(ONE.build())
                        : resources.inAnyNamespace().list(ONE.build());
            } catch (KubernetesClientException e) {
                if (e.getCode() != HttpURLConnection.HTTP_FORBIDDEN) {
                    throw e;
                }
                return Optional.of(
                        e.getStatus() == null
                                ? String.valueOf(e.getMessage())
                                : e.getStatus().getMessage());
            }
        }
        return Optional.empty();
    }

    /** Whether the namespace is being deleted. False if the operator may not read it. */
    boolean isEnding(String namespace) {
        try {
            var there = client.namespaces().withName(namespace).get();
            return there != null && there.getMetadata().getDeletionTimestamp() != null;
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_FORBIDDEN) {
                throw e;
            }
            return false;
        }
    }
}
