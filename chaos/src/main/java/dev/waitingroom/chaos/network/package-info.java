/** A network that breaks on demand. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.chaos.network;
