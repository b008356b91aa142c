/** Reads a process' settings from its environment, and keeps what the settings reference says about each variable. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.queue.settings;
