/** A real browser for tests: Chromium by its DevTools protocol. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.testkit.browser;
