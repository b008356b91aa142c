/** The waiting line: Redis in, plain Java out. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.queue;
