package dev.waitingroom.operator.watch;

import dev.waitingroom.queue.control.PodReport;
import dev.waitingroom.queue.control.RedisFault;
import java.util.List;
import java.util.Optional;

/**
 * A gateway, as Redis had it at the last look.
 *
 * @param problem why Redis could not be asked, and then the rest is as it was when it last could; empty where it answered
 * @param listed rooms on the gateway's list
 * @param waiting in all rooms that the operator keeps there
 * @param reports of the pods
 * @param evictionPolicy Redis' {@code maxmemory-policy}; empty where it is not known
 */
public record GatewayObservation(
        Optional<Problem> problem, int listed, long waiting, List<PodReport> reports, Optional<String> evictionPolicy) {
    /** Before the first look. */
    public static final GatewayObservation NONE =
            new GatewayObservation(Optional.empty(), 0, 0, List.of(), Optional.empty());

    /** Why Redis does not do what it is asked. */
    public record Problem(RedisFault fault, String detail) {}

    public GatewayObservation {
        reports = List.copyOf(reports);
    }

    /** HTTP requests a second that all pods serve. */
    public double requestsPerSecond() {
        return reports.stream().mapToDouble(PodReport::requestsPerSecond).sum();
    }
}
