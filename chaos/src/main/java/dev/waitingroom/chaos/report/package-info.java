/** What runs showed, as a table of {@code docs/reliability.md}. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.chaos.report;
