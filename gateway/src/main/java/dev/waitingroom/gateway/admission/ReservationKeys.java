package dev.waitingroom.gateway.admission;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.spec.PKCS8EncodedKeySpec;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The keys of reservation tokens: the first signs, all are published. Immutable, thread-safe. */
public final class ReservationKeys {
    private final JWSHeader header;
    private final JWSSigner signer;
    private final Map<String, JWSVerifier> verifiers;
    private final String publicJson;

    private ReservationKeys(JWSHeader header, JWSSigner signer, Map<String, JWSVerifier> verifiers, String publicJson) {
        this.verifiers = verifiers;
        this.header = header;
        this.signer = signer;
        this.publicJson = publicJson;
    }

    /**
     * Reads a JWK Set (RFC 7517) of private EC keys on P-256, each with a kid.
     *
     * @throws IllegalArgumentException if it is anything else; the message never contains key material
     */
    public static ReservationKeys parse(String json, Crypto crypto) {
        List<ECKey> keys = new ArrayList<>();
        for (JWK jwk : set(json).getKeys()) {
            keys.add(check(jwk, keys.size()));
        }
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("it contains no key");
        }
        ECKey first = keys.getFirst();
        JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.ES256)
                .type(JOSEObjectType.JWT)
                .keyID(first.getKeyID())
                .build();
        List<JWK> published = keys.stream()
                .<JWK>map(key -> new ECKey.Builder(key.toPublicJWK())
                        .algorithm(JWSAlgorithm.ES256)
                        .keyUse(KeyUse.SIGNATURE)
                        .build())
                .toList();
        Map<String, JWSVerifier> verifiers = new HashMap<>();
        keys.forEach(key -> verifiers.put(key.getKeyID(), verifier(key, crypto.provider())));
        return new ReservationKeys(
                header, signer(first, crypto.provider()), Map.copyOf(verifiers), new JWKSet(published).toString(true));
    }

    JWSHeader header() {
        return header;
    }

    JWSSigner signer() {
        return signer;
    }

    /** Checks the signatures of a key; empty if it is not one of these. */
    Optional<JWSVerifier> verifier(String kid) {
        return Optional.ofNullable(verifiers.get(kid));
    }

    /** The public halves as a JWK Set, for {@code /.well-known/jwks.json}. */
    public String publicJson() {
        return publicJson;
    }

    private static JWKSet set(String json) {
        try {
            return JWKSet.parse(json);
        } catch (ParseException e) {
            throw new IllegalArgumentException("it is not a JWK Set (RFC 7517)", e);
        }
    }

    private static ECKey check(JWK jwk, int index) {
        if (jwk.getKeyID() == null || jwk.getKeyID().isEmpty()) {
            throw new IllegalArgumentException("keys[" + index + "] has no kid");
        }
        if (!(jwk instanceof ECKey key) || !Curve.P_256.equals(key.getCurve()) || !key.isPrivate()) {
            throw new IllegalArgumentException("keys[" + index + "] is not a private EC key on P-256");
        }
        return key;
    }

    private static JWSVerifier verifier(ECKey key, Optional<Provider> provider) {
        try {
            ECDSAVerifier verifier = new ECDSAVerifier(key.toECPublicKey());
            provider.ifPresent(verifier.getJCAContext()::setProvider);
            return verifier;
        } catch (JOSEException e) {
            throw new IllegalArgumentException("key " + key.getKeyID() + " cannot check signatures", e);
        }
    }

    private static JWSSigner signer(ECKey key, Optional<Provider> provider) {
        try {
            if (provider.isEmpty()) {
                return new ECDSASigner(key);
            }
            // Converts the key to the provider's form once, not for each signature.
            PrivateKey own = KeyFactory.getInstance("EC", provider.get())
                    .generatePrivate(
                            new PKCS8EncodedKeySpec(key.toECPrivateKey().getEncoded()));
            ECDSASigner signer = new ECDSASigner(own, Curve.P_256);
            signer.getJCAContext().setProvider(provider.get());
            return signer;
        } catch (JOSEException | GeneralSecurityException e) {
            throw new IllegalArgumentException("the first key cannot sign", e);
        }
    }
}
