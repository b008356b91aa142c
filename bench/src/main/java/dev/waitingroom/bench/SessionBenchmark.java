package dev.waitingroom.bench;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.OctetSequenceKeyGenerator;
import dev.waitingroom.gateway.session.Session;
import dev.waitingroom.gateway.session.SessionCheck;
import dev.waitingroom.gateway.session.SessionCodec;
import dev.waitingroom.queue.ticket.Ticket;
import dev.waitingroom.queue.ticket.TicketKeys;
import java.time.Instant;
import java.util.Optional;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The check of a session cookie, which each request of an admitted visitor needs. */
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // JMH calls prepare() first
public class SessionBenchmark {
    private static final Ticket TICKET = new Ticket("concert", 1, 1, Instant.EPOCH, Optional.empty());
    private static final Session SESSION = Session.of(TICKET, Instant.EPOCH.plusSeconds(1_800));

    private SessionCodec codec;
    private String value;

    /** Makes a key and a cookie. */
    @Setup
    public void prepare() throws JOSEException {
        codec = new SessionCodec(TicketKeys.parse(
                new JWKSet(new OctetSequenceKeyGenerator(256).keyID("t1").generate()).toString(false)));
        value = codec.encode(SESSION);
    }

    @Benchmark
    public SessionCheck verify() {
        return codec.verify(value, "concert", 1, Instant.EPOCH);
    }

    @Benchmark
    public String encode() {
        return codec.encode(SESSION);
    }
}
