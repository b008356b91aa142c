/** Health, metrics, Events and the names of log keys. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.operator.ops;
