/** The estimators against sums of another kind. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.queue.eta;
