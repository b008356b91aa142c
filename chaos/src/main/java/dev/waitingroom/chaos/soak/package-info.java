/** Runs {@code make run} for a long time, and judges how its processes grow. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.chaos.soak;
