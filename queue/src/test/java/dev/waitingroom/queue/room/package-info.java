/** A served room against a real Redis. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.queue.room;
