/** Reservation tokens, the keys that sign them, and the rotation of the keys. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.gateway.admission;
