/** The waiting line as a value: segments, ranks, merge. No I/O. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.queue.line;
