/** The scripts against a real Redis: one by one, and against a model in plain Java. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.queue.redis;
