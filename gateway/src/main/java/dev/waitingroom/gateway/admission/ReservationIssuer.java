package dev.waitingroom.gateway.admission;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.waitingroom.queue.room.AdmitOutcome.Granted;
import dev.waitingroom.queue.ticket.Ticket;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * Issues reservation tokens: JWTs (RFC 7519) signed with ES256. All claims follow from the ticket and the time of its grant, so that a
 * repeated admit at any gateway pod gets the same claims. Thread-safe.
 */
public final class ReservationIssuer {
    /**
     * {@code iat} is this much before the grant, which has the time of Redis. A verifier without leeway whose clock is behind Redis would
     * otherwise refuse the token as issued in the future.
     */
    static final Duration CLOCK_MARGIN = Duration.ofSeconds(30);

    private final String issuer;
    private final Supplier<ReservationKeys> keys;
    private final Executor executor;

    /**
     * @param issuer the {@code iss} claim
     * @param keys the current keys
     * @param executor runs the signing
     */
    public ReservationIssuer(String issuer, Supplier<ReservationKeys> keys, Executor executor) {
        this.issuer = issuer;
        this.keys = keys;
        this.executor = executor;
    }

    /** Signs; completes on the executor's thread. */
    public CompletionStage<Reservation> issue(Ticket ticket, Granted grant) {
        return CompletableFuture.supplyAsync(() -> sign(ticket, grant), executor);
    }

    private Reservation sign(Ticket ticket, Granted grant) {
        Instant grantedAt = grant.grantedAt().truncatedTo(ChronoUnit.SECONDS);
        Instant expiresAt = grantedAt.plus(grant.reservationTtl());
        JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder()
                .issuer(issuer)
                .audience(ticket.eventId())
                .jwtID(ReservationId.of(ticket))
                .issueTime(Date.from(grantedAt.minus(CLOCK_MARGIN)))
                .expirationTime(Date.from(expiresAt));
        ticket.subject().ifPresent(claims::subject);
        ReservationKeys current = keys.get();
        SignedJWT jwt = new SignedJWT(current.header(), claims.build());
        try {
            jwt.sign(current.signer());
        } catch (JOSEException e) {
            throw new IllegalStateException("a reservation token could not be signed", e);
        }
        return new Reservation(jwt.serialize(), grant.reservationTtl(), expiresAt);
    }
}
