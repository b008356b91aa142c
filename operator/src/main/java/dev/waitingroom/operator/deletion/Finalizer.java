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
 * Removes our finalizer from a deleted object, instead of JOSDK. JOSDK marks the object as done by its name. If a new object of that name
 * exists by then, JOSDK marks the new object, and it can never be deleted (ADR 0016). Thread-safe.
 */
public final class Finalizer {
    /** Uids of released objects to remember. Until then no copy of such an object is left in the operator. */
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

    /** @param name of the finalizer in the metadata */
    public Finalizer(KubernetesClient client, String name) {
        this.client = client;
        this.name = name;
    }

    /** Whether this is a copy of a released object. Nothing may be done for it, since another object may have its name. */
    public boolean isReleased(HasMetadata object) {
        return released.contains(object.getMetadata().getUid());
    }

    /**
     * Removes our finalizer. Does not touch another object of that name, or the finalizers of others.
     *
     * @return the control for JOSDK
     * @throws KubernetesClientException if the API server refuses, or the finalizers keep changing
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
