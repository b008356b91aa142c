package dev.waitingroom.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.JWK;
import dev.waitingroom.gateway.admission.Keys;
import dev.waitingroom.queue.ticket.DecodedTicket;
import dev.waitingroom.queue.ticket.Ticket;
import dev.waitingroom.queue.ticket.TicketCodec;
import dev.waitingroom.queue.ticket.TicketKeys;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

class HandoverCodecTest {
    private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");
    private static final Ticket TICKET = new Ticket("concert", 7, 1_000_001, NOW, Optional.empty(), 3);

    private final JWK oldKey = Keys.ticket("t1");
    private final JWK newKey = Keys.ticket("t2");
    private final HandoverCodec codec = new HandoverCodec(TicketKeys.parse(Keys.set(oldKey)));
    private final TicketCodec tickets = new TicketCodec(TicketKeys.parse(Keys.set(oldKey)));

    private Optional<Ticket> verify(String code) {
        return codec.verify(code, "concert", 7, NOW);
    }

    @Test
    void codeStandsForTheTicket() {
        Ticket named = new Ticket("concert", 7, 1_000_001, NOW, Optional.of("\uD83C\uDFAB".repeat(128)), 0);

        assertThat(verify(codec.encode(TICKET, NOW))).contains(TICKET);
        assertThat(verify(codec.encode(named, NOW))).contains(named);
    }

    @Test
    void codeWorksForTenMinutes() {
        String code = codec.encode(TICKET, NOW);
        Instant end = NOW.plusSeconds(600);

        assertThat(codec.verify(code, "concert", 7, end.minusMillis(1))).contains(TICKET);
        assertThat(codec.verify(code, "concert", 7, end)).isEmpty();
    }

    @Test
    void everyChangedCharacterIsNoticed() {
        String code = codec.encode(TICKET, NOW);

        for (int i = 0; i < code.length(); i++) {
            char other = code.charAt(i) == 'A' ? 'B' : 'A';
            assertThat(verify(code.substring(0, i) + other + code.substring(i + 1)))
                    .as("character " + i)
                    .isEmpty();
        }
    }

    @Test
    void codeOfAnotherRoomIsRefused() {
        String code = codec.encode(TICKET, NOW);

        assertThat(codec.verify(code, "other", 7, NOW)).isEmpty();
        assertThat(codec.verify(code, "concert", 8, NOW)).isEmpty();
    }

    @Test
    void anythingElseIsRefused() {
        byte[] random = new byte[60];
        ThreadLocalRandom.current().nextBytes(random);
        String code = codec.encode(TICKET, NOW);
        for (String junk : new String[] {
            "",
            "A",
            "====",
            "ä",
            "x".repeat(2_000),
            Base64.getUrlEncoder().encodeToString(random),
            code + "AAAA",
            code + "="
        }) {
            assertThat(verify(junk)).as(junk).isEmpty();
        }
    }

    @Test
    void codeIsNoTicketAndATicketIsNoCode() {
        String code = codec.encode(TICKET, NOW);

        assertThat(tickets.decode(code)).isInstanceOf(DecodedTicket.Invalid.class);
        assertThat(verify(tickets.encode(TICKET))).isEmpty();
    }

    /** Whoever sees the code must not be able to make the ticket of it: the purposes have different keys. */
    @Test
    void signatureOfATicketKeyIsWorthNothing() {
        byte[] bytes = Base64.getUrlDecoder().decode(codec.encode(TICKET, NOW));
        byte[] signedAsTicket = Signatures.sign(oldKey, bytes);

        assertThat(verify(Base64.getUrlEncoder().withoutPadding().encodeToString(signedAsTicket)))
                .isEmpty();
    }

    @Test
    void keyRotationEndsNoCode() {
        HandoverCodec rotated = new HandoverCodec(TicketKeys.parse(Keys.set(newKey, oldKey)));
        HandoverCodec withoutTheOld = new HandoverCodec(TicketKeys.parse(Keys.set(newKey)));
        String old = codec.encode(TICKET, NOW);

        assertThat(rotated.verify(old, "concert", 7, NOW)).contains(TICKET);
        assertThat(withoutTheOld.verify(old, "concert", 7, NOW)).isEmpty();
    }
}
