/** The Redis of each gateway, and the connections. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.operator.redis;
