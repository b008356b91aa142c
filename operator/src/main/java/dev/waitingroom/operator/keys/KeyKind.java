package dev.waitingroom.operator.keys;

import com.nimbusds.jose.Algorithm;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.OctetSequenceKeyGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.UUID;

/** What the gateways sign, each with keys of its own. */
public enum KeyKind {
    /**
     * Waiting tokens, by HMAC with SHA-256. A ticket is valid for as long as its visitor waits; a key verifies for 30 days after the
     * last that it signed.
     */
    TICKET("ticket-keys.json", Duration.ofDays(30)) {
        @Override
        JWK generate(Instant now) throws JOSEException {
            return new OctetSequenceKeyGenerator(256)
                    .keyUse(KeyUse.SIGNATURE)
                    .algorithm(Algorithm.parse("HS256"))
                    .keyID(UUID.randomUUID().toString())
                    .issueTime(Date.from(now))
                    .generate();
        }
    },
    /** Reservations, by ES256. The longest is valid for a day; clocks may differ by an hour. */
    RESERVATION("reservation-keys.json", Duration.ofHours(25)) {
        @Override
        JWK generate(Instant now) throws JOSEException {
            return new ECKeyGenerator(Curve.P_256)
                    .keyUse(KeyUse.SIGNATURE)
                    .algorithm(JWSAlgorithm.ES256)
                    .keyID(UUID.randomUUID().toString())
                    .issueTime(Date.from(now))
                    .generate();
        }
    };

    private final String file;
    private final Duration retention;

    KeyKind(String file, Duration retention) {
        this.file = file;
        this.retention = retention;
    }

    /** The entry of the Secret, and the file's name in the pods. */
    public String file() {
        return file;
    }

    /** How long a key verifies after it signed last. */
    public Duration retention() {
        return retention;
    }

    abstract JWK generate(Instant now) throws JOSEException;
}
