package dev.waitingroom.operator.route;

import dev.waitingroom.operator.route.Planned.OwnObject;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The objects that were written for a room, found by their labels.
 *
 * @param known as they were when they were listed
 */
record OwnObjects(List<OwnObject> known) {
    private static final List<ApiKind> KINDS =
            List.of(ApiKind.SECURITY_POLICY, ApiKind.MIDDLEWARE, ApiKind.AUTHORIZATION_POLICY, ApiKind.REFERENCE_GRANT);

    /** Lists them. A namespace in which the operator has no rights has none. */
    static OwnObjects list(RouteApi api, Set<String> namespaces, Map<String, String> labels) {
        List<OwnObject> found = new ArrayList<>();
        for (ApiKind kind : KINDS) {
            if (api.isInstalled(kind)) {
                for (String namespace : namespaces) {
                    found.addAll(list(api, kind, namespace, labels));
                }
            }
        }
        return new OwnObjects(List.copyOf(found));
    }

    private static List<OwnObject> list(RouteApi api, ApiKind kind, String namespace, Map<String, String> labels) {
        try {
            return api.list(kind, namespace, labels).stream()
                    .map(object -> new OwnObject(kind, object))
                    .toList();
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_FORBIDDEN) {
                throw e;
            }
            return List.of();
        }
    }

    Optional<GenericKubernetesResource> like(OwnObject wanted) {
        return known.stream()
                .filter(there -> there.id().equals(wanted.id()))
                .findFirst()
                .map(OwnObject::resource);
    }

    /** Whether something was written for the target. */
    boolean has(String name) {
        return known.stream()
                .anyMatch(there -> there.resource().getMetadata().getName().equals(name));
    }
}
