package dev.waitingroom.operator.status;

import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.PrimaryUpdateAndCacheUtils;
import java.net.HttpURLConnection;

/**
 * Replaces a status as a whole. A patch with the difference to an old copy could change the wrong entries of a list. The next reconciliation
 * reads the written status.
 */
public final class StatusWriter {
    private StatusWriter() {}

    /** Writes the status, again if the object has changed meanwhile. Does nothing if the object is deleted or replaced by another. */
    public static <S, P extends CustomResource<?, S>> void write(P object, S status, Context<P> context) {
        try {
            P _ = PrimaryUpdateAndCacheUtils.updateStatusAndCacheResource(object, context, there -> {
                if (there.getMetadata().getUid().equals(object.getMetadata().getUid())) {
                    there.setStatus(status);
                }
                return there;
            });
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
                throw e;
            }
        }
    }
}
