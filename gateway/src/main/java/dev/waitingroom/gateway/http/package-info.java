/** An HTTP server that does not know the queue: routes, problem documents, limits, and the rules of HTTP/1.1. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.gateway.http;
