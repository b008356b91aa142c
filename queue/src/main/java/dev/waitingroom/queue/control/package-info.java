/** What the operator does to a room and to a gateway in Redis. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.queue.control;
