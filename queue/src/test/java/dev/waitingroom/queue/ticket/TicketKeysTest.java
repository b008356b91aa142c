package dev.waitingroom.queue.ticket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import dev.waitingroom.queue.ticket.DecodedTicket.Invalid;
import dev.waitingroom.queue.ticket.DecodedTicket.Reason;
import dev.waitingroom.queue.ticket.DecodedTicket.Valid;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TicketKeysTest {
    private static final JWK OLD = TestKeys.key("t1", 1);
    private static final JWK NEW = TestKeys.key("t2", 2);
    private static final Ticket TICKET = new Ticket("evt", 1, 7, Instant.ofEpochMilli(1), Optional.of("u"));

    @Test
    void replacedKeyGoesOnBeingBelieved() {
        String before = TestKeys.codec(OLD).encode(TICKET);
        TicketCodec overlap = TestKeys.codec(NEW, OLD);

        assertThat(overlap.decode(before)).isEqualTo(new Valid(TICKET));
        assertThat(overlap.encode(TICKET)).isEqualTo(TestKeys.codec(NEW).encode(TICKET));
    }

    @Test
    void gatewayThatHasYetToReadTheNewKeyBelievesItWhereItIsListed() {
        String ahead = TestKeys.codec(NEW, OLD).encode(TICKET);

        assertThat(TestKeys.codec(OLD, NEW).decode(ahead)).isEqualTo(new Valid(TICKET));
    }

    @Test
    void removedKeyIsUnknown() {
        String before = TestKeys.codec(OLD).encode(TICKET);

        assertThat(TestKeys.codec(NEW).decode(before)).isEqualTo(new Invalid(Reason.UNKNOWN_KEY));
    }

    @Test
    void otherGatewaysKeyOfTheSameNameIsNotBelieved() {
        String foreign = TestKeys.codec(TestKeys.key("t1", 9)).encode(TICKET);

        assertThat(TestKeys.codec(OLD).decode(foreign)).isEqualTo(new Invalid(Reason.BAD_SIGNATURE));
    }

    @Test
    void keysThatCannotSignAreRefusedByName() {
        JWK tooShort = new OctetSequenceKey.Builder(TestKeys.secret(1, 31))
                .keyID("weak")
                .build();
        JWK nameless = new OctetSequenceKey.Builder(TestKeys.secret(1, 32)).build();

        assertThatThrownBy(() -> TestKeys.codec(tooShort)).hasMessageContaining("\"weak\" must have kty oct");
        assertThatThrownBy(() -> TestKeys.codec(nameless)).hasMessageContaining("no kid");
        assertThatThrownBy(TestKeys::codec).hasMessageContaining("empty");
        assertThatThrownBy(() -> TicketKeys.parse("{}")).hasMessageContaining("not a JWK Set");
        assertThatThrownBy(() -> TicketKeys.parse("junk")).hasMessageContaining("not a JWK Set");
    }

    @Test
    void longestTicketIsReadAgain() {
        String emojis = "\uD83C\uDFAB".repeat(128);
        Ticket longest = new Ticket(emojis, 1, 1, Instant.EPOCH, Optional.of(emojis), 1);
        TicketCodec codec = TestKeys.codec(TestKeys.key("k", 1));

        String token = codec.encode(longest);

        assertThat(token).hasSizeLessThanOrEqualTo(TicketCodec.MAX_LENGTH);
        assertThat(codec.decode(token)).isEqualTo(new DecodedTicket.Valid(longest));
    }

    @Test
    void ticketNamesTheFieldThatIsWrong() {
        assertThatThrownBy(() -> new Ticket("", 1, 1, Instant.EPOCH, Optional.empty()))
                .hasMessage("eventId must have 1..128 characters, not 0");
        assertThatThrownBy(() -> new Ticket("evt", 1, 1L << 53, Instant.EPOCH, Optional.empty()))
                .hasMessage("number must be 1..2^53-1, not 9007199254740992");
        assertThatThrownBy(() -> new Ticket("evt", 1, 1, Instant.EPOCH, Optional.of("u".repeat(129))))
                .hasMessage("subject must have 1..128 characters, not 129");
    }
}
