package dev.waitingroom.operator.watch;

import dev.waitingroom.queue.store.PodReport;
import dev.waitingroom.queue.store.RedisFault;
import java.util.List;
import java.util.Optional;

/**
 * The gateway's data in Redis, as last read.
 *
 * @param problem why Redis could not be read; the other values are then the last known ones. Empty if Redis answered
 * @param listed rooms on the gateway's list
 * @param waiting visitors in all rooms of the gateway
 * @param reports of the pods
 * @param evictionPolicy Redis' {@code maxmemory-policy}; empty if unknown
 */
public record GatewayObservation(
        Optional<Problem> problem, int listed, long waiting, List<PodReport> reports, Optional<String> evictionPolicy) {
    /** Before the first look. */
    public static final GatewayObservation NONE =
            new GatewayObservation(Optional.empty(), 0, 0, List.of(), Optional.empty());

    /** The reason why Redis cannot be used. */
    public record Problem(RedisFault fault, String detail) {}

    public GatewayObservation {
        reports = List.copyOf(reports);
    }

    /** HTTP requests a second that all pods serve. */
    public double requestsPerSecond() {
        return reports.stream().mapToDouble(PodReport::requestsPerSecond).sum();
    }
}
