/** The API for visitors (join, status, admit, leave) and the routes about the gateway itself. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.gateway.api;
