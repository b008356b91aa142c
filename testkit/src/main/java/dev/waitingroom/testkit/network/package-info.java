/** A TCP proxy that fails on demand. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.testkit.network;
