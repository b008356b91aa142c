/** Histories written by hand, good and bad, and histories of an ideal room. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.chaos.history;
