package dev.waitingroom.queue.ticket;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The keys that sign waiting tokens: a JWK Set (RFC 7517) of {@code oct} keys of at least 256 bits. The first signs, all verify, so
 * that a key can be replaced without anyone losing a place. Thread-safe.
 */
public final class TicketKeys {
    private static final int MIN_BYTES = 32;

    /** One key; {@code tag} is what a token names it by. */
    record Key(int tag, TicketMac mac) {}

    private final List<Key> keys;

    private TicketKeys(List<Key> keys) {
        this.keys = List.copyOf(keys);
    }

    /**
     * Reads a JWK Set.
     *
     * @throws IllegalArgumentException saying which key is not as it must be
     */
    public static TicketKeys parse(String jwkSet) {
        List<Key> keys = new ArrayList<>();
        try {
            for (JWK jwk : JWKSet.parse(jwkSet).getKeys()) {
                if (!(jwk instanceof OctetSequenceKey oct) || oct.toByteArray().length < MIN_BYTES) {
                    throw new IllegalArgumentException(
                            "ticket key \"" + jwk.getKeyID() + "\" must have kty oct and at least 256 bits");
                }
                if (jwk.getKeyID() == null) {
                    throw new IllegalArgumentException("a ticket key has no kid");
                }
                keys.add(new Key(tag(jwk.getKeyID()), new TicketMac(oct.toByteArray())));
            }
        } catch (ParseException e) {
            throw new IllegalArgumentException("the ticket keys are not a JWK Set: " + e.getMessage(), e);
        }
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("the ticket keys are an empty JWK Set: nothing can sign");
        }
        return new TicketKeys(keys);
    }

    Key signing() {
        return keys.getFirst();
    }

    Optional<Key> named(int tag) {
        for (Key key : keys) {
            if (key.tag == tag) {
                return Optional.of(key);
            }
        }
        return Optional.empty();
    }

    /** Four bytes that stand for a kid, to keep tokens short. A collision would cost a bad signature, never a wrong ticket. */
    private static int tag(String kid) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(kid.getBytes(StandardCharsets.UTF_8));
            return java.nio.ByteBuffer.wrap(Arrays.copyOf(hash, 4)).getInt();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
