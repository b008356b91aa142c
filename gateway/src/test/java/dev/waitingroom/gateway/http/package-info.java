/** Tests of the HTTP server, on its own and with the routes of a gateway. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.gateway.http;
