/** Policies and the bucket, without Redis. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.queue.policy;
