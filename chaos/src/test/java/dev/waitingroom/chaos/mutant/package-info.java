/** Deliberate bugs, put in one at a time: the checker must find each of them in what visitors saw. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.chaos.mutant;
