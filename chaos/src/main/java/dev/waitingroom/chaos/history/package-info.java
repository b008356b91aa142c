/** Compares what all visitors of a run saw with the promises of a waiting room. Without input or output. Start at {@link Checker}. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.chaos.history;
