/** How many pods a gateway needs: a pure function. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.operator.scaling;
