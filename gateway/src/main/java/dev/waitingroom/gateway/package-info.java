/** The gateway process. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.gateway;
