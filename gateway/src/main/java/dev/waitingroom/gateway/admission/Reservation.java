package dev.waitingroom.gateway.admission;

import java.time.Duration;
import java.time.Instant;

/**
 * An admission, which the visitor presents to the service behind the room.
 *
 * @param token the signed JWT
 * @param ttl from grant to expiry
 * @param expiresAt the token's {@code exp}, in whole seconds
 */
public record Reservation(String token, Duration ttl, Instant expiresAt) {}
