/** The kinds of Redis, each of real processes that can be broken. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.chaos.topology;
