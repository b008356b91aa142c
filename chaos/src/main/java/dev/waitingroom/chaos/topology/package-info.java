/** The ways in which Redis runs under a room, each of real processes that can be broken. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.chaos.topology;
