/** How long until one's turn: estimators, pure. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.queue.eta;
