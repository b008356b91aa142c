/** The upstream mode: proxies admitted visitors to the service that a room protects, and sends all others to the waiting page. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.gateway.upstream;
