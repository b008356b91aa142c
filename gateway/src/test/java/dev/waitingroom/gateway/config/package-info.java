/** Tests of what answers on the ports. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.gateway.config;
