/** The results of runs, as tables of {@code docs/reliability.md}. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.chaos.report;
