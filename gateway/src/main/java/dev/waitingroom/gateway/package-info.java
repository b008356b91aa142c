/** The gateway process: HTTP over the waiting line. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.gateway;
