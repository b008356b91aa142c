/** What the product promises, on gateway processes and a real Redis; a line of a table for each promise. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.chaos.acceptance;
