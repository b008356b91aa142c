/** A gateway process that is measured from outside. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.bench.gateway;
