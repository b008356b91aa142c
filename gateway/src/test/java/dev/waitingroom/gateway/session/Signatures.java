package dev.waitingroom.gateway.session;

import com.nimbusds.jose.jwk.JWK;
import dev.waitingroom.queue.ticket.Hmac;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signs bytes with a ticket key itself, as an attacker would who could use it for another purpose. */
final class Signatures {
    private Signatures() {}

    /** The same bytes with another signature. */
    static byte[] sign(JWK jwk, byte[] bytes) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(jwk.toOctetSequenceKey().toByteArray(), "HmacSHA256"));
            int signed = bytes.length - Hmac.BYTES;
            mac.update(bytes, 0, signed);
            byte[] forged = Arrays.copyOf(bytes, bytes.length);
            System.arraycopy(mac.doFinal(), 0, forged, signed, Hmac.BYTES);
            return forged;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
