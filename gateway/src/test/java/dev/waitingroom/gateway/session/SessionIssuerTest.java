package dev.waitingroom.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.OctetSequenceKeyGenerator;
import dev.waitingroom.queue.ticket.Ticket;
import dev.waitingroom.queue.ticket.TicketKeys;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SessionIssuerTest {
    private static final Instant NOW = Instant.parse("2026-11-27T12:00:00Z");
    private static final Duration LASTS = Duration.ofSeconds(12);

    /** The time that is left of a place was measured from the begin; a thread may pause between the two. */
    @Test
    void sessionLastsFromItsBeginHoweverLateItsCookieIsMade() throws Exception {
        SessionCodec codec = new SessionCodec(TicketKeys.parse(
                new JWKSet(new OctetSequenceKeyGenerator(256).keyID("t1").generate()).toString(false)));
        SessionIssuer issuer = new SessionIssuer(() -> codec, () -> NOW.plusMillis(150));

        String cookie = issuer.start(new Ticket("sale", 7, 42, NOW, Optional.empty()), NOW, LASTS, false);

        String value = cookie.substring(cookie.indexOf('=') + 1, cookie.indexOf(';'));
        assertThat(codec.verify(value, "sale", 7, NOW))
                .isInstanceOfSatisfying(
                        SessionCheck.Valid.class,
                        valid -> assertThat(valid.session().expiresAt()).isEqualTo(NOW.plus(LASTS)));
    }
}
