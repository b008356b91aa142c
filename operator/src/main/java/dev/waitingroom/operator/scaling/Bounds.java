package dev.waitingroom.operator.scaling;

import java.time.Duration;

/**
 * Within what, and by what, a gateway is scaled.
 *
 * @param min pods, at least 1
 * @param max pods, at least {@code min}
 * @param targetRequestsPerSecond that a pod is meant to serve, at least 1
 * @param scaleDownAfter for how long fewer pods must have been enough
 */
public record Bounds(int min, int max, int targetRequestsPerSecond, Duration scaleDownAfter) {
    public Bounds {
        if (min < 1 || min > max) {
            throw new IllegalArgumentException(
                    "replicas.min must be 1..replicas.max, not " + min + " with a max of " + max);
        }
    }
}
