/** A small shop behind the room, so that {@code make run} has something to enter. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.dev.shop;
