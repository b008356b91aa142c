/** A servlet filter that lets in only requests with a reservation. It asks nobody: the gateway's public keys are enough. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.servlet;
