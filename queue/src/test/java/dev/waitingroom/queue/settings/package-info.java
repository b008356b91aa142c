/** Reading variables, and what an error says. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.queue.settings;
