package dev.waitingroom.servlet;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import org.jspecify.annotations.Nullable;

/** Checks reservations of one room (JWT, ES256), offline. Thread-safe. */
final class ReservationCheck {
    /** The clocks of shop and gateway may differ by this much. An expired reservation is not accepted for longer. */
    private static final Duration LEEWAY = Duration.ofSeconds(30);

    private final String issuer;
    private final String room;
    private final GatewayKeys keys;
    private final InstantSource clock;
    private final DefaultJWTProcessor<SecurityContext> signatures = new DefaultJWTProcessor<>();

    ReservationCheck(WaitingRoomSettings settings, GatewayKeys keys, InstantSource clock) {
        this.issuer = settings.issuer();
        this.room = settings.room();
        this.keys = keys;
        this.clock = clock;
        signatures.setJWSKeySelector(new JWSVerificationKeySelector<>(JWSAlgorithm.ES256, keys.source()));
        // They are checked before the signature, so that a token of another issuer causes no fetch of keys.
        signatures.setJWTClaimsSetVerifier((claims, context) -> {});
    }

    /** What a token is worth now. */
    Reservation judge(String token) {
        try {
            SignedJWT jwt = SignedJWT.parse(token);
            JWTClaimsSet claims = jwt.getJWTClaimsSet();
            Date expiry = claims.getExpirationTime();
            if (expiry == null
                    || !JWSAlgorithm.ES256.equals(jwt.getHeader().getAlgorithm())
                    || !names(claims, expiry)) {
                return Reservation.INVALID;
            }
            if (!keys.loaded()) {
                return Reservation.UNKNOWN;
            }
            signatures.process(jwt, null);
            return new Reservation.Valid(Duration.between(clock.instant(), expiry.toInstant()));
        } catch (ParseException | BadJOSEException | JOSEException e) {
            return Reservation.INVALID;
        }
    }

    private boolean names(JWTClaimsSet claims, Date expiry) {
        Instant now = clock.instant();
        return issuer.equals(claims.getIssuer())
                && claims.getAudience().contains(room)
                && now.isBefore(expiry.toInstant())
                && hasBegun(claims.getIssueTime(), now)
                && hasBegun(claims.getNotBeforeTime(), now);
    }

    private static boolean hasBegun(@Nullable Date begin, Instant now) {
        return begin == null || !begin.toInstant().isAfter(now.plus(LEEWAY));
    }
}
