/**
 * A Kubernetes API in memory, spoken over HTTP: what an operator and a kubelet need of one. What it leaves out is listed at
 * {@link dev.waitingroom.dev.api.InMemoryApi}.
 */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.dev.api;
