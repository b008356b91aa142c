/** Watches Redis once a second, since Redis has no events in Kubernetes. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.operator.watch;
