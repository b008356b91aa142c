/** Finalizers, and the lock for each object name. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.operator.deletion;
