/**
 * Protects the routes that a room names in {@code spec.protect.targetRefs}: finds the controller of each, and writes what makes its proxy ask
 * the room. Start at {@link dev.waitingroom.operator.route.RouteProtection}.
 */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.operator.route;
