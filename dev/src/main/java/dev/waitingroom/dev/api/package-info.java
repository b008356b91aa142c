/**
 * A Kubernetes API in memory over HTTP, with the parts that an operator and a kubelet need. {@link dev.waitingroom.dev.api.InMemoryApi} lists
 * the missing parts.
 */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.dev.api;
