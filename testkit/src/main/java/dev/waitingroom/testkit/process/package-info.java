/** Starts, signals and ends processes. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.testkit.process;
