package dev.waitingroom.operator.gateway;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Applies objects by server-side apply, as one field manager, and only where there is something to apply: the object wanted is another
 * than last time, or somebody changed what is there. What others wrote into fields of their own stays. Thread-safe.
 */
final class Applier {
    private record Applied(String wanted, String uid, String version) {}

    private final KubernetesClient client;
    private final Map<String, Applied> last = new ConcurrentHashMap<>();

    Applier(KubernetesClient client) {
        this.client = client;
    }

    /**
     * Makes it so.
     *
     * @param actual what the informer holds
     * @return what is there now
     */
    <T extends HasMetadata> T apply(T wanted, Optional<T> actual) {
        String key = wanted.getKind() + "/" + wanted.getMetadata().getNamespace() + "/"
                + wanted.getMetadata().getName();
        String checksum = Checksums.of(Serialization.asJson(wanted));
        if (actual.isPresent() && applied(checksum, actual.get()).equals(last.get(key))) {
            return actual.get();
        }
        var resource = client.resource(wanted).fieldManager(GatewayNames.OPERATOR);
        // What is not there is made without force: if another makes one of that name meanwhile, this conflicts with it.
        T result = actual.isPresent() ? resource.forceConflicts().serverSideApply() : resource.serverSideApply();
        last.put(key, applied(checksum, result));
        return result;
    }

    /**
     * A change of an object's status, which others write all the time, moves its version but not its generation; a change of what is
     * ours in its metadata does neither more.
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
