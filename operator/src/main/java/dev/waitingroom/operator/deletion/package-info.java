/** How an object that is deleted is let go. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.operator.deletion;
