/** {@code make chaos}: runs against real processes with random faults, each judged. Start at {@link ChaosMain}. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.chaos;
