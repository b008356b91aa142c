/** How many pods a fleet needs: a pure function. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.operator.scaling;
