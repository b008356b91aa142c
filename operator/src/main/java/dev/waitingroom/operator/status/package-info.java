/** Conditions as values, and how a status is written. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.operator.status;
