package dev.waitingroom.gateway.admission;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Checks reservation tokens as a service behind a room does, with the keys of this process. Thread-safe. */
public final class ReservationVerifier {
    /** The clocks of issuer and verifier may differ by this much. An expired token is not accepted for longer. */
    private static final Duration LEEWAY = Duration.ofSeconds(30);

    private final String issuer;
    private final Supplier<ReservationKeys> keys;
    private final InstantSource clock;

    /**
     * @param issuer the only accepted {@code iss}
     * @param keys the current keys
     */
    public ReservationVerifier(String issuer, Supplier<ReservationKeys> keys, InstantSource clock) {
        this.issuer = issuer;
        this.keys = keys;
        this.clock = clock;
    }

    /** Whether the token admits its bearer to the event now. Tokens of other issuers cost no check of a signature. */
    public boolean admits(String token, String eventId) {
        try {
            SignedJWT jwt = SignedJWT.parse(token);
            if (!JWSAlgorithm.ES256.equals(jwt.getHeader().getAlgorithm())) {
                return false;
            }
            Optional<JWSVerifier> verifier =
                    Optional.ofNullable(jwt.getHeader().getKeyID()).flatMap(keys.get()::verifier);
            return verifier.isPresent() && names(jwt.getJWTClaimsSet(), eventId) && jwt.verify(verifier.get());
        } catch (ParseException | JOSEException e) {
            return false; // the token of another service, or none
        }
    }

    private boolean names(JWTClaimsSet claims, String eventId) {
        Instant now = clock.instant();
        Date expiresAt = claims.getExpirationTime();
        return issuer.equals(claims.getIssuer())
                && claims.getAudience().contains(eventId)
                && expiresAt != null
                && now.isBefore(expiresAt.toInstant())
                && hasBegun(claims.getIssueTime(), now)
                && hasBegun(claims.getNotBeforeTime(), now);
    }

    private static boolean hasBegun(@Nullable Date begin, Instant now) {
        return begin == null || !begin.toInstant().isAfter(now.plus(LEEWAY));
    }
}
