/** Metrics for Prometheus, and the load of the process. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.gateway.metrics;
