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

/** The two kinds of token that gateways sign. Each has its own keys. */
public enum KeyKind {
    /**
     * Tickets, signed by HMAC with SHA-256. A ticket is valid while its visitor waits. A key still verifies for 30 days after it signed its
     * last ticket.
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
    /** Reservations, signed by ES256. The longest is valid for a day, and clocks may differ by an hour. */
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

    /** Name of the Secret's entry, and of the file in the pods. */
    public String file() {
        return file;
    }

    /** How long a key still verifies after it signed its last token. */
    public Duration retention() {
        return retention;
    }

    abstract JWK generate(Instant now) throws JOSEException;
}
