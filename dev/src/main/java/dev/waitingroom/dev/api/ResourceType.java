package dev.waitingroom.dev.api;

import java.util.List;

/**
 * A resource type.
 *
 * @param group empty for the core group
 * @param version such as v1
 * @param plural the name in paths
 * @param kind of its objects
 * @param namespaced whether its objects are in namespaces
 */
record ResourceType(String group, String version, String plural, String kind, boolean namespaced) {
    /** The built-in types that an operator and a kubelet use. */
    static final List<ResourceType> BUILT_IN = List.of(
            new ResourceType("", "v1", "namespaces", "Namespace", false),
            new ResourceType("", "v1", "nodes", "Node", false),
            new ResourceType("", "v1", "secrets", "Secret", true),
            new ResourceType("", "v1", "configmaps", "ConfigMap", true),
            new ResourceType("", "v1", "services", "Service", true),
            new ResourceType("", "v1", "pods", "Pod", true),
            new ResourceType("", "v1", "events", "Event", true),
            new ResourceType("apps", "v1", "deployments", "Deployment", true),
            new ResourceType("policy", "v1", "poddisruptionbudgets", "PodDisruptionBudget", true),
            new ResourceType("networking.k8s.io", "v1", "networkpolicies", "NetworkPolicy", true),
            new ResourceType("discovery.k8s.io", "v1", "endpointslices", "EndpointSlice", true),
            new ResourceType("coordination.k8s.io", "v1", "leases", "Lease", true),
            new ResourceType(
                    "apiextensions.k8s.io", "v1", "customresourcedefinitions", "CustomResourceDefinition", false));

    String apiVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }

    boolean definesTypes() {
        return kind.equals("CustomResourceDefinition");
    }
}
