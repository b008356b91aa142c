/** Whose turn it is. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.operator.deletion;
