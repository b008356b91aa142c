/** Which Redis a gateway uses, and the connections to it. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.operator.redis;
