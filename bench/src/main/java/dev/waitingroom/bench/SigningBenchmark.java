package dev.waitingroom.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import dev.waitingroom.gateway.admission.Crypto;
import dev.waitingroom.gateway.admission.Reservation;
import dev.waitingroom.gateway.admission.ReservationIssuer;
import dev.waitingroom.gateway.admission.ReservationKeys;
import dev.waitingroom.queue.room.AdmitOutcome.Granted;
import dev.waitingroom.queue.ticket.Ticket;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** An ES256 signature, and a whole reservation token, by each of the two providers that {@link Crypto} chooses from. */
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // JMH calls prepare() first
public class SigningBenchmark {
    private static final byte[] CLAIMS = "c".repeat(300).getBytes(UTF_8);

    /** Who signs. */
    @Param({"ACCP", "JDK"})
    public String provider = "JDK";

    private final Ticket ticket = new Ticket("concert", 1, 1, Instant.EPOCH, Optional.empty());
    private final Granted grant = new Granted(Instant.EPOCH.plusSeconds(1), Duration.ofSeconds(120));
    private Signature signature;
    private PrivateKey key;
    private ReservationIssuer issuer;

    /** Makes a key, in the provider's own form. */
    @Setup
    public void prepare() throws Exception {
        Crypto crypto = provider.equals("JDK") ? new Crypto(Optional.empty()) : Crypto.best();
        if (!crypto.name().equals("JDK") == provider.equals("JDK")) {
            throw new IllegalStateException(provider + " does not load here");
        }
        ECKey generated = new ECKeyGenerator(Curve.P_256).keyID("r1").generate();
        key = ownForm(generated, crypto.provider());
        signature = crypto.provider().isPresent()
                ? Signature.getInstance("SHA256withECDSA", crypto.provider().get())
                : Signature.getInstance("SHA256withECDSA");
        ReservationKeys keys = ReservationKeys.parse(new JWKSet(generated).toString(false), crypto);
        issuer = new ReservationIssuer("bench", () -> keys, Runnable::run);
    }

    private static PrivateKey ownForm(ECKey key, Optional<Provider> provider) throws Exception {
        var encoded = new PKCS8EncodedKeySpec(key.toECPrivateKey().getEncoded());
        return provider.isPresent()
                ? KeyFactory.getInstance("EC", provider.get()).generatePrivate(encoded)
                : KeyFactory.getInstance("EC").generatePrivate(encoded);
    }

    @Benchmark
    public byte[] signature() throws GeneralSecurityException {
        signature.initSign(key);
        signature.update(CLAIMS);
        return signature.sign();
    }

    @Benchmark
    public Reservation reservationToken() {
        return issuer.issue(ticket, grant).toCompletableFuture().join();
    }
}
