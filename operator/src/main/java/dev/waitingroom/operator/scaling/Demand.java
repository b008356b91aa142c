package dev.waitingroom.operator.scaling;

import dev.waitingroom.queue.store.PodReport;
import java.util.List;

/**
 * The load of a gateway.
 *
 * @param requestsPerSecond HTTP requests and events of streams that all pods serve, at least 0
 * @param busyCpus sum of the pods' CPU shares; 1.5 means the CPUs of one and a half pods are busy
 * @param usedStreams sum of the pods' shares of open streams; 1.5 means one and a half pods can open no more
 * @param waiting visitors in all lines, at least 0
 */
public record Demand(double requestsPerSecond, double busyCpus, double usedStreams, long waiting) {
    /**
     * From the pods' reports. The CPU of a pod with less than a tenth of its target requests is not counted: it does other work, for example it
     * starts.
     *
     * @param target requests a second that a pod should serve
     */
    public static Demand of(List<PodReport> reports, long waiting, int target) {
        return new Demand(
                reports.stream().mapToDouble(PodReport::requestsPerSecond).sum(),
                reports.stream()
                        .filter(report -> report.requestsPerSecond() * 10 >= target)
                        .mapToDouble(PodReport::cpuShare)
                        .sum(),
                reports.stream().mapToDouble(PodReport::streamShare).sum(),
                waiting);
    }

    /** The demand that needs exactly this number of pods. */
    public static Demand toKeep(int pods, int target) {
        return new Demand((double) pods * target, 0, 0, 0);
    }
}
