/** Replaces a cluster: an API, a deployment controller and kubelet for the gateways' pods, a Redis, one local port. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.dev.cluster;
