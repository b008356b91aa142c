/** What tests do to processes. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.testkit.process;
