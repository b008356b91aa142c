/** The terminal output: rooms as {@code kubectl get} prints them, below a log of events. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.dev.screen;
