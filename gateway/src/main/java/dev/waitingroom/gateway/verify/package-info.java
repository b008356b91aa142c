/** The route check: proxies that stand in front of a service ask here whether a visitor may pass. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.gateway.verify;
