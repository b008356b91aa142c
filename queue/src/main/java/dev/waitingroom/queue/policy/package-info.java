/** A room's policy as the operator writes it, its codec, and the token bucket as a pure function. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.queue.policy;
