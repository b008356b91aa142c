package dev.waitingroom.gateway.metrics;

/** Counts visitors' calls by outcome. Thread-safe, fast. */
@FunctionalInterface
public interface CallMeter {
    void count(String eventId, String call, String outcome);
}
