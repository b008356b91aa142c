package dev.waitingroom.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.waitingroom.gateway.FakeRoom;
import dev.waitingroom.queue.room.AdmitOutcome.Granted;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReservationVerifierTest {
    private static final String EVENT = "evt";
    private static final String ISSUER = "issuer";
    private static final Duration TTL = Duration.ofMinutes(2);

    private final Crypto crypto = Crypto.best();
    private final ReservationKeys keys = ReservationKeys.parse(Keys.set(Keys.reservation("r1")), crypto);
    private final String token = new ReservationIssuer(ISSUER, () -> keys, Runnable::run)
            .issue(FakeRoom.ticket(EVENT), new Granted(FakeRoom.NOW, TTL))
            .toCompletableFuture()
            .join()
            .token();

    private ReservationVerifier at(Instant now) {
        return new ReservationVerifier(ISSUER, () -> keys, InstantSource.fixed(now));
    }

    @Test
    void ownTokenAdmitsToItsEventUntilItExpires() {
        assertThat(at(FakeRoom.NOW).admits(token, EVENT)).isTrue();
        assertThat(at(FakeRoom.NOW).admits(token, "other")).isFalse();
        assertThat(at(FakeRoom.NOW.plus(TTL)).admits(token, EVENT)).isFalse();
        assertThat(new ReservationVerifier("other", () -> keys, InstantSource.fixed(FakeRoom.NOW)).admits(token, EVENT))
                .isFalse();
    }

    @Test
    void tokenOfAKeyThatIsGoneAdmitsNobody() {
        ReservationKeys others = ReservationKeys.parse(Keys.set(Keys.reservation("r1")), crypto);
        ReservationKeys renamed = ReservationKeys.parse(Keys.set(Keys.reservation("r2")), crypto);

        for (ReservationKeys now : new ReservationKeys[] {others, renamed}) {
            assertThat(new ReservationVerifier(ISSUER, () -> now, InstantSource.fixed(FakeRoom.NOW))
                            .admits(token, EVENT))
                    .isFalse();
        }
    }

    /** The issuer's own margin of 30 s before the grant is part of the token. */
    @ParameterizedTest
    @CsvSource({"0, true", "30, true", "32, false"})
    void clockThatIsLateByThirtySecondsIsForgiven(int beforeIssue, boolean admitted) {
        Instant issued = FakeRoom.NOW.minusMillis(250).minus(ReservationIssuer.CLOCK_MARGIN);

        assertThat(at(issued.minusSeconds(beforeIssue)).admits(token, EVENT)).isEqualTo(admitted);
    }

    @Test
    void tokenThatClaimsAnotherAlgorithmIsRefused() throws JOSEException {
        JWTClaimsSet claims = new JWTClaimsSet.Builder()
                .issuer(ISSUER)
                .audience(EVENT)
                .expirationTime(Date.from(FakeRoom.NOW.plus(TTL)))
                .build();
        SignedJWT hmac = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("r1").build(), claims);
        hmac.sign(new MACSigner(keys.publicJson()));

        assertThat(at(FakeRoom.NOW).admits(hmac.serialize(), EVENT)).isFalse();
        assertThat(at(FakeRoom.NOW).admits(new PlainJWT(claims).serialize(), EVENT))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "junk", "a.b.c", "..", "e30.e30.e30"})
    void textThatIsNoTokenAdmitsNobody(String text) {
        assertThat(at(FakeRoom.NOW).admits(text, EVENT)).isFalse();
    }
}
