/** Crowds against a small server that plays a gateway. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.dev.visitors;
