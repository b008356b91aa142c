package dev.waitingroom.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReservationKeysTest {
    private static final Crypto JDK = new Crypto(Optional.empty());

    @Test
    void publishesAllKeysWithoutTheirSecrets() throws Exception {
        ECKey first = Keys.reservation("r2");
        ECKey second = Keys.reservation("r1");

        ReservationKeys keys = ReservationKeys.parse(Keys.set(first, second), JDK);

        JWKSet published = JWKSet.parse(keys.publicJson());
        assertThat(published.getKeys()).extracting("keyID").containsExactly("r2", "r1");
        assertThat(published.containsNonPublicKeys()).isFalse();
        assertThat(keys.publicJson())
                .doesNotContain(first.getD().toString(), second.getD().toString());
        assertThat(published.getKeyByKeyId("r2").toECKey().toECPublicKey()).isEqualTo(first.toECPublicKey());
    }

    @Test
    void firstKeySigns() {
        ReservationKeys keys = ReservationKeys.parse(Keys.set(Keys.reservation("r2"), Keys.reservation("r1")), JDK);

        assertThat(keys.header().getKeyID()).isEqualTo("r2");
    }

    @Test
    void invalidKeySetIsRefusedAndNamed() throws Exception {
        ECKey noKid = new ECKeyGenerator(Curve.P_256).generate();
        ECKey otherCurve = new ECKeyGenerator(Curve.P_384).keyID("x").generate();

        assertRefused("", "not a JWK Set");
        assertRefused("{}", "JWK Set");
        assertRefused("{\"keys\":[]}", "no key");
        assertRefused(Keys.set(noKid), "keys[0] has no kid");
        assertRefused(Keys.set(Keys.reservation("a"), otherCurve), "keys[1] is not a private EC key on P-256");
        assertRefused(Keys.set(Keys.reservation("a").toPublicJWK()), "keys[0] is not a private EC key on P-256");
        assertRefused(Keys.set(Keys.ticket("t")), "keys[0] is not a private EC key on P-256");
    }

    private static void assertRefused(String json, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ReservationKeys.parse(json, JDK))
                .withMessageContaining(message);
    }
}
