package dev.waitingroom.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import dev.waitingroom.queue.room.AdmitOutcome.Granted;
import dev.waitingroom.queue.ticket.Ticket;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ReservationIssuerTest {
    private static final Instant GRANTED_AT = Instant.parse("2026-11-24T12:00:00.999Z");
    private static final Granted GRANT = new Granted(GRANTED_AT, Duration.ofSeconds(90));
    private static final Ticket TICKET = ticket("evt", 7, 1_000_001, Optional.of("user-1"));

    private final ECKey key = Keys.reservation("r1");

    /** The JDK, and the native provider, which must load on Linux. */
    static Stream<Crypto> providers() {
        return Stream.of(new Crypto(Optional.empty()), Crypto.best());
    }

    @ParameterizedTest
    @MethodSource("providers")
    void signsTokensThatAServiceCanVerify(Crypto crypto) throws Exception {
        Reservation reservation = issue(crypto, TICKET);

        SignedJWT jwt = SignedJWT.parse(reservation.token());
        assertThat(jwt.verify(new ECDSAVerifier(key.toECPublicKey()))).isTrue();
        assertThat(jwt.getHeader().toJSONObject())
                .containsExactlyInAnyOrderEntriesOf(Map.of("typ", "JWT", "alg", "ES256", "kid", "r1"));
        JWTClaimsSet claims = jwt.getJWTClaimsSet();
        assertThat(claims.toJSONObject())
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "iss",
                        "ns/gateway",
                        "aud",
                        "evt",
                        "sub",
                        "user-1",
                        "jti",
                        ReservationId.of(TICKET),
                        "iat",
                        1_795_521_570L,
                        "exp",
                        1_795_521_690L));
        assertThat(reservation.expiresAt()).isEqualTo("2026-11-24T12:01:30Z");
        assertThat(reservation.ttl()).isEqualTo(Duration.ofSeconds(90));
    }

    @Test
    void visitorWithoutUserIdHasNoSubject() throws Exception {
        Reservation reservation = issue(Crypto.best(), ticket("evt", 7, 1, Optional.empty()));

        assertThat(SignedJWT.parse(reservation.token()).getJWTClaimsSet().getSubject())
                .isNull();
    }

    @Test
    void sameGrantHasTheSameClaimsByteForByte() throws Exception {
        String first = SignedJWT.parse(issue(Crypto.best(), TICKET).token())
                .getPayload()
                .toString();
        String second = SignedJWT.parse(
                        issue(new Crypto(Optional.empty()), TICKET).token())
                .getPayload()
                .toString();

        assertThat(second).isEqualTo(first);
    }

    /** Like PyJWT and jose, which refuse a token issued in the future and have no leeway by default. */
    @ParameterizedTest
    @CsvSource({"0, 0", "50, 0", "3000, 0", "29000, 0", "59000, 30"})
    void strictVerifierAcceptsTheTokenIfItsClockIsBehindRedis(long millisBehind, int leewaySeconds) throws Exception {
        Instant verifiersNow = GRANTED_AT.minusMillis(millisBehind);
        var verifier = new DefaultJWTProcessor<SecurityContext>();
        verifier.setJWSKeySelector(new JWSVerificationKeySelector<>(
                JWSAlgorithm.ES256, new ImmutableJWKSet<>(new JWKSet(key.toPublicJWK()))));
        var claims =
                new DefaultJWTClaimsVerifier<SecurityContext>("evt", null, Set.of("iss", "sub", "jti", "iat", "exp")) {
                    @Override
                    protected Date currentTime() {
                        return Date.from(verifiersNow);
                    }
                };
        claims.setMaxClockSkew(leewaySeconds);
        verifier.setJWTClaimsSetVerifier(claims);

        JWTClaimsSet accepted = verifier.process(issue(Crypto.best(), TICKET).token(), null);

        assertThat(accepted.getIssueTime().toInstant()).isBeforeOrEqualTo(verifiersNow.plusSeconds(leewaySeconds));
        assertThat(accepted.getNotBeforeTime()).isNull();
    }

    @Test
    void idIdentifiesThePlaceOnly() {
        String id = ReservationId.of(TICKET);

        assertThat(id).matches("[A-Za-z0-9_-]{22}");
        assertThat(ReservationId.of(ticket("evt", 7, 1_000_001, Optional.empty())))
                .isEqualTo(id);
        assertThat(ReservationId.of(ticket("evt", 7, 1_000_002, Optional.empty())))
                .isNotEqualTo(id);
        assertThat(ReservationId.of(ticket("evt", 8, 1_000_001, Optional.empty())))
                .isNotEqualTo(id);
        assertThat(ReservationId.of(ticket("evu", 7, 1_000_001, Optional.empty())))
                .isNotEqualTo(id);
    }

    private Reservation issue(Crypto crypto, Ticket ticket) {
        ReservationKeys keys = ReservationKeys.parse(Keys.set(key), crypto);
        return new ReservationIssuer("ns/gateway", () -> keys, crypto.executor())
                .issue(ticket, GRANT)
                .toCompletableFuture()
                .join();
    }

    private static Ticket ticket(String event, long incarnation, long number, Optional<String> subject) {
        return new Ticket(event, incarnation, number, GRANTED_AT.minusSeconds(5), subject);
    }
}
