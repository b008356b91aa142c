/** What has no events in Kubernetes: Redis, looked at once a second. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.operator.watch;
