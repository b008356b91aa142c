/** What a person sees of it: rooms as {@code kubectl get} prints them, above them what happens. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.dev.screen;
