package dev.waitingroom.queue.store;

import java.time.Instant;
import java.util.Map;

/**
 * The report of a gateway pod, once a second.
 *
 * @param pod its name
 * @param version the build that it runs
 * @param at when, by Redis' clock
 * @param requestsPerSecond HTTP requests and events of streams over the last seconds
 * @param cpuShare of the processors it may use, 0..1
 * @param streamShare of the streams it may have open, 0..1
 * @param heldAdmits admits held for a token
 * @param generations event id → the policy's generation that it serves
 */
public record PodReport(
        String pod,
        String version,
        Instant at,
        double requestsPerSecond,
        double cpuShare,
        double streamShare,
        int heldAdmits,
        Map<String, Long> generations) {
    public PodReport {
        generations = Map.copyOf(generations);
    }
}
