package dev.waitingroom.queue.ticket;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The keys that sign waiting tokens: a JWK Set (RFC 7517) of {@code oct} keys of at least 256 bits. The first signs, all verify, so
 * that a key can be replaced without anyone losing a place. Thread-safe.
 */
public final class TicketKeys {
    private static final int MIN_BYTES = 32;
    private static final String ALGORITHM = "HmacSHA256";

    private record Secret(int tag, SecretKey key) {}

    private final List<Secret> secrets;
    private final SigningKeys ofTickets;

    private TicketKeys(List<Secret> secrets) {
        this.secrets = List.copyOf(secrets);
        this.ofTickets = keys(UnaryOperator.identity());
    }

    /**
     * Reads a JWK Set.
     *
     * @throws IllegalArgumentException saying which key is not as it must be
     */
    public static TicketKeys parse(String jwkSet) {
        List<Secret> secrets = new ArrayList<>();
        try {
            for (JWK jwk : JWKSet.parse(jwkSet).getKeys()) {
                if (!(jwk instanceof OctetSequenceKey oct) || oct.toByteArray().length < MIN_BYTES) {
                    throw new IllegalArgumentException(
                            "ticket key \"" + jwk.getKeyID() + "\" must have kty oct and at least 256 bits");
                }
                if (jwk.getKeyID() == null) {
                    throw new IllegalArgumentException("a ticket key has no kid");
                }
                secrets.add(new Secret(tag(jwk.getKeyID()), new SecretKeySpec(oct.toByteArray(), ALGORITHM)));
            }
        } catch (ParseException e) {
            throw new IllegalArgumentException("the ticket keys are not a JWK Set: " + e.getMessage(), e);
        }
        if (secrets.isEmpty()) {
            throw new IllegalArgumentException("the ticket keys are an empty JWK Set: nothing can sign");
        }
        return new TicketKeys(secrets);
    }

    SigningKeys ofTickets() {
        return ofTickets;
    }

    /**
     * Keys for another purpose, one of each ticket key by HKDF-SHA256 (RFC 5869). They rotate with the ticket keys. A signature of one
     * purpose is worth nothing for another.
     *
     * @param purpose a label that nothing else uses
     */
    public SigningKeys derive(String purpose) {
        byte[] label = purpose.getBytes(StandardCharsets.UTF_8);
        return keys(key -> derived(key, label));
    }

    private SigningKeys keys(UnaryOperator<SecretKey> derivation) {
        return new SigningKeys(secrets.stream()
                .map(secret -> new SigningKeys.Key(secret.tag, new Hmac(derivation.apply(secret.key))))
                .toList());
    }

    private static SecretKey derived(SecretKey key, byte[] label) {
        try {
            return KDF.getInstance("HKDF-SHA256")
                    .deriveKey(
                            ALGORITHM, HKDFParameterSpec.ofExtract().addIKM(key).thenExpand(label, MIN_BYTES));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HKDF-SHA256", e);
        }
    }

    /** Four bytes that stand for a kid, to keep tokens short. A collision would cost a bad signature, never a wrong ticket. */
    private static int tag(String kid) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(kid.getBytes(StandardCharsets.UTF_8));
            return ByteBuffer.wrap(hash).getInt();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
