package dev.waitingroom.gateway.metrics;

/** Counts what became of visitors' calls. Thread-safe, quick. */
@FunctionalInterface
public interface CallMeter {
    void count(String eventId, String call, String outcome);
}
