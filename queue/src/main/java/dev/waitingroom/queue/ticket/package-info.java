/** The signed waiting ticket: encode, check, keys and their rotation. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.queue.ticket;
