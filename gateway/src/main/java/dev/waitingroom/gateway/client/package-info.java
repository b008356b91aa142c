/** Who a request came from, and how much that client may still ask. Knows no HTTP server. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.gateway.client;
