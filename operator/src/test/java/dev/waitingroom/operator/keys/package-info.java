/** Signing keys and their rotation: pure functions over a JWK Set. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.operator.keys;
