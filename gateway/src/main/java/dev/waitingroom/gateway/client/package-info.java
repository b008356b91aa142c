/** Finds the client of a request and limits its rate. Does not know the HTTP server. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.gateway.client;
