package dev.waitingroom.operator.scaling;

import java.time.Duration;

/**
 * The limits of scaling.
 *
 * @param min pods, at least 1
 * @param max pods, at least {@code min}
 * @param targetRequestsPerSecond requests that one pod should serve, at least 1
 * @param scaleDownAfter how long fewer pods must be enough before the gateway shrinks
 */
public record Bounds(int min, int max, int targetRequestsPerSecond, Duration scaleDownAfter) {
    public Bounds {
        if (min < 1 || min > max) {
            throw new IllegalArgumentException(
                    "replicas.min must be 1..replicas.max, not " + min + " with a max of " + max);
        }
    }
}
