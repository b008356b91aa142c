/** Judges what all visitors of a run saw against what a waiting room promises. Pure; start reading at {@link Checker}. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.chaos.history;
