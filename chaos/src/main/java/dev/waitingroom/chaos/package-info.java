/** {@code make chaos}: runs against real processes that are broken at random, each judged. Start reading at {@link ChaosMain}. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.chaos;
