/** What gateways and the operator do to a line in Redis: interfaces and records, without a Redis client. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.queue.store;
