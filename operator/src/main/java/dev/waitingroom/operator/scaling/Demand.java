package dev.waitingroom.operator.scaling;

import dev.waitingroom.queue.control.PodReport;
import java.util.List;

/**
 * What a gateway's rooms ask of it.
 *
 * @param requestsPerSecond HTTP requests that all pods serve, at least 0
 * @param busyCpus sum of the pods' CPU shares: 1.5 is one and a half pods' worth of the processors that they may use
 * @param waiting visitors in all lines, at least 0
 */
public record Demand(double requestsPerSecond, double busyCpus, long waiting) {
    /**
     * From the pods' reports. A pod that has less than a tenth of its work to do is busy with something else, for instance with
     * starting: its processors are not counted.
     *
     * @param target requests a second that a pod is meant to serve
     */
    public static Demand of(List<PodReport> reports, long waiting, int target) {
        return new Demand(
                reports.stream().mapToDouble(PodReport::requestsPerSecond).sum(),
                reports.stream()
                        .filter(report -> report.requestsPerSecond() * 10 >= target)
                        .mapToDouble(PodReport::cpuShare)
                        .sum(),
                waiting);
    }

    /** The demand that calls for so many pods. */
    public static Demand toKeep(int pods, int target) {
        return new Demand((double) pods * target, 0, 0);
    }
}
