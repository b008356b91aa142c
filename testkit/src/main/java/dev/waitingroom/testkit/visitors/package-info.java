/** Simulated visitors: an HTTP client of the gateway's API, and crowds that join, poll, sleep, leave and enter. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.testkit.visitors;
