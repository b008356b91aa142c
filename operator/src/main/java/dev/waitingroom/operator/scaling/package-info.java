/** How many pods a gateway needs. Pure functions. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.operator.scaling;
