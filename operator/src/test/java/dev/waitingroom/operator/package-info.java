/** The operator process: settings, main, start and stop. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.operator;
