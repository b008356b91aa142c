package dev.waitingroom.operator.deletion;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.javaoperatorsdk.operator.api.reconciler.DeleteControl;
import java.net.HttpURLConnection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Takes our finalizer off an object that is deleted, in the SDK's stead: where a new object of the same name is there by the time the SDK notes
 * that it did so, it notes that of the new one, which then never goes (ADR 0016). Thread-safe.
 */
public final class Finalizer {
    /** So many at least are known by their uid until no copy of them is left in the operator. */
    private static final int REMEMBERED = 10_000;

    private static final int TRIES = 10;
    private static final int UNPROCESSABLE = 422;

    private final KubernetesClient client;
    private final String name;
    private final Set<String> released = Collections.synchronizedSet(Collections.newSetFromMap(new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > REMEMBERED;
        }
    }));

    /** @param name as it is in the metadata */
    public Finalizer(KubernetesClient client, String name) {
        this.client = client;
        this.name = name;
    }

    /** Whether this is a copy of an object that was let go: nothing is to be done for it, another may have its name. */
    public boolean isReleased(HasMetadata object) {
        return released.contains(object.getMetadata().getUid());
    }

    /**
     * Lets it go. Another object of its name is left alone, and so are the finalizers of others.
     *
     * @return what the SDK is to be told
     * @throws KubernetesClientException where the API server refuses, or the finalizers change all the time
     */
    public DeleteControl release(HasMetadata object) {
        remove(object, 1);
        released.add(object.getMetadata().getUid());
        return DeleteControl.noFinalizerRemoval();
    }

    private void remove(HasMetadata object, int tried) {
        List<String> finalizers = object.getFinalizers();
        if (!finalizers.contains(name)) {
            return;
        }
        List<String> others =
                finalizers.stream().filter(other -> !other.equals(name)).toList();
        var patch = List.of(
                operation("test", "/metadata/uid", object.getMetadata().getUid()),
                operation("test", "/metadata/finalizers", finalizers),
                operation("replace", "/metadata/finalizers", others));
        try {
            var _ = client.resource(object).patch(PatchContext.of(PatchType.JSON), Serialization.asJson(patch));
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
                return;
            }
            if (e.getCode() != UNPROCESSABLE || tried == TRIES) {
                throw e;
            }
            HasMetadata there = client.resource(object).get();
            if (there != null
                    && there.getMetadata().getUid().equals(object.getMetadata().getUid())) {
                remove(there, tried + 1);
            }
        }
    }

    private static Map<String, Object> operation(String what, String path, Object value) {
        return Map.of("op", what, "path", path, "value", value);
    }
}
