package dev.waitingroom.e2e;

import dev.waitingroom.api.v1alpha1.WaitingRoom;
import dev.waitingroom.api.v1alpha1.WaitingRoomGateway;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The versions of all objects in a namespace.
 *
 * @param byObject kind/name → resourceVersion
 */
record Versions(Map<String, String> byObject) {
    private static final List<Class<? extends HasMetadata>> KINDS = List.of(
            WaitingRoom.class,
            WaitingRoomGateway.class,
            Deployment.class,
            Service.class,
            PodDisruptionBudget.class,
            NetworkPolicy.class,
            Secret.class,
            Pod.class);

    static Versions of(Cluster cluster, String namespace) {
        var versions = new TreeMap<String, String>();
        for (var kind : KINDS) {
            for (HasMetadata object : cluster.client()
                    .resources(kind)
                    .inNamespace(namespace)
                    .list()
                    .getItems()) {
                versions.put(
                        object.getKind() + "/" + object.getMetadata().getName(),
                        object.getMetadata().getResourceVersion());
            }
        }
        return new Versions(versions);
    }

    /** The versions of all objects except those of this kind. */
    Versions without(String kind) {
        return new Versions(byObject.entrySet().stream()
                .filter(entry -> !entry.getKey().startsWith(kind + "/"))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
    }
}
