/** Tests of what visitors call, and of what the gateway tells about itself. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.gateway.api;
