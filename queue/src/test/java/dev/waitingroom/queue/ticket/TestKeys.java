package dev.waitingroom.queue.ticket;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import java.util.List;

/** Keys with a secret that is the same at each run. */
final class TestKeys {
    private TestKeys() {}

    static JWK key(String kid, int secret) {
        return new OctetSequenceKey.Builder(secret(secret, 32)).keyID(kid).build();
    }

    static byte[] secret(int number, int bytes) {
        byte[] secret = new byte[bytes];
        secret[0] = (byte) number;
        return secret;
    }

    static TicketCodec codec(JWK... keys) {
        return new TicketCodec(TicketKeys.parse(json(keys)));
    }

    static String json(JWK... keys) {
        return new JWKSet(List.of(keys)).toString(false);
    }
}
