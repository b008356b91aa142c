/** {@code make run}: the whole product on one machine. Start at {@link dev.waitingroom.dev.DevMain}. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.dev;
