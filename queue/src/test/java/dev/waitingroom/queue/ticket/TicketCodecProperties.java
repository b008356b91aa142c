package dev.waitingroom.queue.ticket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waitingroom.queue.ticket.DecodedTicket.Invalid;
import dev.waitingroom.queue.ticket.DecodedTicket.Valid;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.spec.SecretKeySpec;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class TicketCodecProperties {
    private final TicketCodec codec = TestKeys.codec(TestKeys.key("t1", 1));

    @Property(tries = 500)
    void everyTicketIsReadAsItWasWritten(@ForAll("tickets") Ticket ticket) {
        String token = codec.encode(ticket);

        assertThat(codec.decode(token)).isEqualTo(new Valid(ticket));
        assertThat(token).hasSizeLessThanOrEqualTo(TicketCodec.MAX_LENGTH).matches("[A-Za-z0-9_-]+");
        assertThat(codec.encode(ticket)).isEqualTo(token);
    }

    @Property(tries = 50)
    void noBitMayBeFlipped(@ForAll("tickets") Ticket ticket) {
        byte[] bytes = Base64.getUrlDecoder().decode(codec.encode(ticket));

        for (int bit = 0; bit < bytes.length * 8; bit++) {
            byte[] flipped = bytes.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);

            assertThat(codec.decode(text(flipped))).as("bit %d", bit).isInstanceOf(Invalid.class);
        }
    }

    @Property(tries = 50)
    void noCharacterMayBeAnother(@ForAll("tickets") Ticket ticket, @ForAll char other) {
        String token = codec.encode(ticket);

        for (int i = 0; i < token.length(); i++) {
            String changed = token.substring(0, i) + other + token.substring(i + 1);

            assertThat(codec.decode(changed) instanceof Valid).as(changed).isEqualTo(changed.equals(token));
        }
    }

    @Property(tries = 200)
    void nothingMayBeCutOffOrAdded(@ForAll("tickets") Ticket ticket, @ForAll byte[] more) {
        byte[] bytes = Base64.getUrlDecoder().decode(codec.encode(ticket));
        byte[] longer = Arrays.copyOf(bytes, bytes.length + more.length + 1);
        System.arraycopy(more, 0, longer, bytes.length, more.length);

        for (int length = 0; length < bytes.length; length++) {
            assertThat(codec.decode(text(Arrays.copyOf(bytes, length)))).isInstanceOf(Invalid.class);
        }
        assertThat(codec.decode(text(longer))).isInstanceOf(Invalid.class);
        assertThat(codec.decode(codec.encode(ticket) + "=")).isInstanceOf(Invalid.class);
    }

    @Property(tries = 1_000)
    void junkIsRefusedAndNeverThrows(@ForAll String junk, @ForAll byte[] bytes) {
        assertThat(codec.decode(junk)).isInstanceOf(Invalid.class);
        assertThat(codec.decode(text(bytes))).isInstanceOf(Invalid.class);
    }

    /** What is signed by the right key and is no ticket: the reader of the fields is on its own. */
    @Property(tries = 1_000)
    void signedJunkIsRefusedOrATicket(@ForAll byte[] fields) {
        byte[] head = Arrays.copyOf(
                Base64.getUrlDecoder()
                        .decode(codec.encode(
                                new Ticket("evt", 1, 1, Instant.ofEpochMilli(0), java.util.Optional.empty()))),
                5);
        byte[] signed = Arrays.copyOf(head, head.length + fields.length + Hmac.BYTES);
        System.arraycopy(fields, 0, signed, head.length, fields.length);
        byte[] mac = new Hmac(new SecretKeySpec(TestKeys.secret(1, 32), "HmacSHA256"))
                .sign(signed, head.length + fields.length);
        System.arraycopy(mac, 0, signed, head.length + fields.length, mac.length);

        assertThat(codec.decode(text(signed)))
                .isNotEqualTo(new Invalid(DecodedTicket.Reason.BAD_SIGNATURE))
                .isNotEqualTo(new Invalid(DecodedTicket.Reason.UNKNOWN_KEY));
    }

    @Provide
    Arbitrary<Ticket> tickets() {
        return Combinators.combine(
                        texts(),
                        Arbitraries.longs().between(0, (1L << 53) - 1),
                        Arbitraries.longs().between(1, (1L << 53) - 1),
                        Arbitraries.longs().between(0, 1L << 45).map(Instant::ofEpochMilli),
                        texts().optional(),
                        Arbitraries.longs().between(0, (1L << 53) - 1))
                .as(Ticket::new);
    }

    /** 1..128 characters, of any alphabet; a lone half of a surrogate pair is none. */
    private static Arbitrary<String> texts() {
        return Arbitraries.strings()
                .all()
                .ofMinLength(1)
                .ofMaxLength(128)
                .map(text -> text.codePoints()
                        .filter(point -> Character.getType(point) != Character.SURROGATE)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString())
                .filter(text -> !text.isEmpty());
    }

    private static String text(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
