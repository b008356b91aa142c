package dev.waitingroom.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.JWK;
import dev.waitingroom.gateway.admission.Keys;
import dev.waitingroom.gateway.session.SessionCheck.Invalid;
import dev.waitingroom.gateway.session.SessionCheck.Reason;
import dev.waitingroom.gateway.session.SessionCheck.Valid;
import dev.waitingroom.queue.ticket.Ticket;
import dev.waitingroom.queue.ticket.TicketCodec;
import dev.waitingroom.queue.ticket.TicketKeys;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

class SessionCodecTest {
    private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");
    private static final Ticket TICKET = new Ticket("concert", 7, 1_000_001, NOW, Optional.empty());
    private static final Session SESSION = Session.of(TICKET, NOW.plusSeconds(60));

    private final JWK oldKey = Keys.ticket("t1");
    private final JWK newKey = Keys.ticket("t2");
    private final SessionCodec codec = new SessionCodec(TicketKeys.parse(Keys.set(oldKey)));

    private SessionCheck verify(String value) {
        return codec.verify(value, "concert", 7, NOW);
    }

    @Test
    void sessionIsReadAsItWasWritten() {
        assertThat(verify(codec.encode(SESSION))).isEqualTo(new Valid(SESSION));
    }

    @Test
    void sessionWithoutATicketIsReadAsItWasWritten() {
        Session link = new Session("concert", 7, SESSION.id(), OptionalLong.empty(), SESSION.expiresAt());

        assertThat(verify(codec.encode(link))).isEqualTo(new Valid(link));
    }

    @Test
    void longestEventFits() {
        Session longest =
                new Session("e".repeat(128), Long.MIN_VALUE, SESSION.id(), SESSION.ticket(), SESSION.expiresAt());

        String value = codec.encode(longest);

        assertThat(value.length()).isLessThanOrEqualTo(SessionCodec.MAX_LENGTH);
        assertThat(codec.verify(value, longest.eventId(), Long.MIN_VALUE, NOW)).isEqualTo(new Valid(longest));
    }

    @Test
    void everyChangedCharacterIsNoticed() {
        String value = codec.encode(SESSION);

        for (int i = 0; i < value.length(); i++) {
            char other = value.charAt(i) == 'A' ? 'B' : 'A';
            assertThat(verify(value.substring(0, i) + other + value.substring(i + 1)))
                    .as("character " + i)
                    .isInstanceOf(Invalid.class);
        }
    }

    @Test
    void otherSpellingsOfTheSameBytesAreRefused() {
        String value = codec.encode(SESSION);
        byte[] bytes = Base64.getUrlDecoder().decode(value);

        assertThat(verify(Base64.getUrlEncoder().encodeToString(bytes)))
                .isEqualTo(bytes.length % 3 == 0 ? new Valid(SESSION) : new Invalid(Reason.BAD_SIGNATURE));
        assertThat(verify(value + "AAAA")).isInstanceOf(Invalid.class);
        assertThat(verify(value.substring(0, value.length() - 4))).isInstanceOf(Invalid.class);
    }

    @Test
    void anythingElseIsMalformed() {
        byte[] random = new byte[100];
        ThreadLocalRandom.current().nextBytes(random);
        random[0] = 9;
        for (String junk : new String[] {
            "",
            "A",
            "====",
            "ä",
            "x".repeat(SessionCodec.MAX_LENGTH + 1),
            Base64.getUrlEncoder().encodeToString(random)
        }) {
            assertThat(verify(junk)).as(junk).isEqualTo(new Invalid(Reason.MALFORMED));
        }
    }

    @Test
    void sessionOfAnotherEventOrIncarnationIsRefused() {
        String value = codec.encode(SESSION);

        assertThat(codec.verify(value, "other", 7, NOW)).isEqualTo(new Invalid(Reason.OTHER_ROOM));
        assertThat(codec.verify(value, "concert", 8, NOW)).isEqualTo(new Invalid(Reason.OTHER_ROOM));
    }

    @Test
    void sessionEndsAtItsExpiry() {
        String value = codec.encode(SESSION);

        assertThat(codec.verify(value, "concert", 7, SESSION.expiresAt().minusMillis(1)))
                .isEqualTo(new Valid(SESSION));
        assertThat(codec.verify(value, "concert", 7, SESSION.expiresAt())).isEqualTo(new Invalid(Reason.EXPIRED));
    }

    @Test
    void keyRotationEndsNoSession() {
        SessionCodec rotated = new SessionCodec(TicketKeys.parse(Keys.set(newKey, oldKey)));
        SessionCodec withoutTheOld = new SessionCodec(TicketKeys.parse(Keys.set(newKey)));

        String old = codec.encode(SESSION);
        String current = rotated.encode(SESSION);

        assertThat(rotated.verify(old, "concert", 7, NOW)).isEqualTo(new Valid(SESSION));
        assertThat(withoutTheOld.verify(current, "concert", 7, NOW)).isEqualTo(new Valid(SESSION));
        assertThat(withoutTheOld.verify(old, "concert", 7, NOW)).isEqualTo(new Invalid(Reason.UNKNOWN_KEY));
    }

    @Test
    void waitingTokenIsNoSession() {
        TicketCodec tickets = new TicketCodec(TicketKeys.parse(Keys.set(oldKey)));

        assertThat(verify(tickets.encode(TICKET))).isInstanceOf(Invalid.class);
    }

    /** The same bytes, signed with the ticket key itself: the purposes have different keys. */
    @Test
    void signatureOfATicketKeyIsWorthNothing() {
        byte[] bytes = Base64.getUrlDecoder().decode(codec.encode(SESSION));
        byte[] signedAsTicket = Signatures.sign(oldKey, bytes);

        assertThat(verify(Base64.getUrlEncoder().withoutPadding().encodeToString(signedAsTicket)))
                .isEqualTo(new Invalid(Reason.BAD_SIGNATURE));
    }
}
