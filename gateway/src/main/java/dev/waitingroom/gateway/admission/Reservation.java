package dev.waitingroom.gateway.admission;

import java.time.Duration;
import java.time.Instant;

/**
 * An admission as the visitor carries it to the service behind.
 *
 * @param token the signed JWT
 * @param ttl from grant to expiry
 * @param expiresAt whole seconds, the token's {@code exp}
 */
public record Reservation(String token, Duration ttl, Instant expiresAt) {}
