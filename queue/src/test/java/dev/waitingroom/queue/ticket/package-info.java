/** The token, bit by bit. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.queue.ticket;
