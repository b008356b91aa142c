/** Runs `make run` for long, and judges how its processes grow. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.chaos.soak;
