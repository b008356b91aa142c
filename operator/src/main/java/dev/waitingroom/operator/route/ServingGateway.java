package dev.waitingroom.operator.route;

import dev.waitingroom.queue.GatewayId;

/**
 * The gateway that answers a room's checks.
 *
 * @param serving whether it answers them now
 * @param trustsProxies whether it believes any proxy about a visitor's scheme, address and path
 */
public record ServingGateway(GatewayId id, boolean serving, boolean trustsProxies) {}
