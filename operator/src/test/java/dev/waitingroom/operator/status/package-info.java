/** Conditions as values. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.operator.status;
