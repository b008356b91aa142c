/** The operator on the API in memory and a real Redis, without gateways: what it makes of objects, and says of them. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.dev.operator;
