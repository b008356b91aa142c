package dev.waitingroom.operator.route;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The part of the Kubernetes API that protects routes. Each call may throw {@code KubernetesClientException}. */
interface RouteApi {
    /** Whether the API server serves the kind. The answer may be a minute old. */
    boolean isInstalled(ApiKind kind);

    /** @param namespace ignored for a kind without namespaces */
    Optional<GenericKubernetesResource> get(ApiKind kind, String namespace, String name);

    /** The objects with these labels in a namespace. */
    List<GenericKubernetesResource> list(ApiKind kind, String namespace, Map<String, String> labels);

    /** All objects of a kind without namespaces. */
    List<GenericKubernetesResource> list(ApiKind kind);

    /** Applies by server-side apply. Never takes a field of another manager: that is a conflict, code 409. */
    GenericKubernetesResource apply(ApiKind kind, GenericKubernetesResource wanted, String manager);

    /** Deletes the object. Does nothing if it is gone, or replaced by another. */
    void delete(ApiKind kind, GenericKubernetesResource object);
}
