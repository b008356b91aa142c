package dev.waitingroom.queue.room;

/** How busy this process is; asked once a second, for its report to the gateway. Thread-safe. */
public interface PodLoad {
    /** HTTP requests a second over the last seconds. */
    double requestsPerSecond();

    /** Of the processors that it may use, 0..1. */
    double cpuShare();
}
