package dev.waitingroom.operator.status;

import io.fabric8.kubernetes.client.CustomResource;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.PrimaryUpdateAndCacheUtils;

/**
 * Writes a status as a whole, over the version that was read: a patch made of the difference to an old copy would hit the wrong
 * entries of lists. What was written is what the next reconciliation reads.
 */
public final class StatusWriter {
    private StatusWriter() {}

    /** Writes it; where the object has changed meanwhile, over that. */
    public static <S, P extends CustomResource<?, S>> void write(P object, S status, Context<P> context) {
        P _ = PrimaryUpdateAndCacheUtils.updateStatusAndCacheResource(object, context, there -> {
            there.setStatus(status);
            return there;
        });
    }
}
