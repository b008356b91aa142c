/** Stands in for a cluster: an API, what deployments and kubelets do for the gateways' pods, a Redis, one local port. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.dev.cluster;
