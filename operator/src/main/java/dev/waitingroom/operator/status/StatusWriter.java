package dev.waitingroom.operator.status;

import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.PrimaryUpdateAndCacheUtils;
import java.net.HttpURLConnection;

/**
 * Writes a status as a whole, over the version that was read: a patch made of the difference to an old copy would hit the wrong
 * entries of lists. What was written is what the next reconciliation reads.
 */
public final class StatusWriter {
    private StatusWriter() {}

    /** Writes it; where the object has changed meanwhile, over that. One that is gone needs none, and its successor gets its own. */
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
