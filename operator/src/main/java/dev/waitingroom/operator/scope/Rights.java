package dev.waitingroom.operator.scope;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Optional;

/**
 * Whether the operator may work in a scope. It asks what its informers will ask, a list of each kind, but for one object: an informer that
 * may not list keeps the whole operator from starting.
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
     * What the API server says to the first list that it refuses.
     *
     * @return empty where it refuses none
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

    /** Whether the namespace is being deleted; false where that may not be read. */
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
