/** The promises of the product, on gateway processes and a real Redis. Each check writes a line of a table. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.chaos.acceptance;
