/** The line as a value, without Redis. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.queue.line;
