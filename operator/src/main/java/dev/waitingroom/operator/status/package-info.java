/** Conditions as values, and the writer of statuses. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.operator.status;
