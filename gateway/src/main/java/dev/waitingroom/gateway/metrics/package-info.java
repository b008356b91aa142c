/** What Prometheus reads from this process, and how busy the process is. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.gateway.metrics;
