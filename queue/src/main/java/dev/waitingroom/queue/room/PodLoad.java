package dev.waitingroom.queue.room;

/** The load of this process, for its report to the gateway once a second. Thread-safe. */
public interface PodLoad {
    /** HTTP requests and events of streams a second over the last seconds. */
    double requestsPerSecond();

    /** The used part of its processors, 0..1. */
    double cpuShare();

    /** The used part of the streams that it may have open, 0..1. */
    double streamShare();
}
