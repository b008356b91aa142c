package dev.waitingroom.operator.gateway;

import dev.waitingroom.api.v1alpha1.Labels;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Applies objects by server-side apply, as one field manager. Skips an object if neither the desired nor the actual object has changed since
 * the last apply. Fields of other managers stay. Thread-safe.
 */
final class Applier {
    private record Applied(String wanted, String uid, String version) {}

    private final KubernetesClient client;
    private final Map<String, Applied> last = new ConcurrentHashMap<>();

    Applier(KubernetesClient client) {
        this.client = client;
    }

    /**
     * Applies an object if needed.
     *
     * @param actual the object as the informer sees it
     * @return the object as it is now
     */
    <T extends HasMetadata> T apply(T wanted, Optional<T> actual) {
        String key = wanted.getKind() + "/" + wanted.getMetadata().getNamespace() + "/"
                + wanted.getMetadata().getName();
        String checksum = Checksums.of(Serialization.asJson(wanted));
        if (actual.isPresent() && applied(checksum, actual.get()).equals(last.get(key))) {
            return actual.get();
        }
        var resource = client.resource(wanted).fieldManager(Labels.OPERATOR);
        // A missing object is applied without force. If somebody else creates it meanwhile, we get a conflict.
        T result = actual.isPresent() ? resource.forceConflicts().serverSideApply() : resource.serverSideApply();
        last.put(key, applied(checksum, result));
        return result;
    }

    /**
     * Others change an object's status often. That changes the version but not the generation. Labels and owners change neither the
     * generation, so they are compared too.
     */
    private static Applied applied(String checksum, HasMetadata object) {
        ObjectMeta metadata = object.getMetadata();
        Long generation = metadata.getGeneration();
        return new Applied(
                checksum,
                metadata.getUid(),
                generation == null || generation == 0
                        ? metadata.getResourceVersion()
                        : generation + " " + metadata.getLabels() + " " + metadata.getOwnerReferences());
    }
}
