package dev.waitingroom.queue.ticket;

import dev.waitingroom.queue.ticket.DecodedTicket.Invalid;
import dev.waitingroom.queue.ticket.DecodedTicket.Reason;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/**
 * A ticket as the text that a visitor carries: base64url of version, key tag, event id, incarnation, number, issue time, subject, after
 * a move of the place the device, and 16 bytes of HMAC over all of it. The same ticket under the same key is always the same text.
 * Thread-safe.
 */
public final class TicketCodec {
    /** The longest token there is, in characters: both texts of 128 characters, four bytes each. */
    public static final int MAX_LENGTH = 1_451;

    private static final byte VERSION = 1;

    /** With a device. */
    private static final byte VERSION_MOVED = 2;

    private final SigningKeys keys;

    public TicketCodec(TicketKeys keys) {
        this.keys = keys.ofTickets();
    }

    /** The token of a ticket, signed with the keys' first. */
    public String encode(Ticket ticket) {
        SigningKeys.Key key = keys.signing();
        byte[] event = ticket.eventId().getBytes(StandardCharsets.UTF_8);
        byte[] subject = ticket.subject().orElse("").getBytes(StandardCharsets.UTF_8);
        boolean moved = ticket.device() > 0;
        ByteBuffer out = ByteBuffer.allocate(
                1 + 4 + 2 + event.length + 8 + 8 + 8 + 2 + subject.length + (moved ? 8 : 0) + Hmac.BYTES);
        out.put(moved ? VERSION_MOVED : VERSION).putInt(key.tag());
        out.putShort((short) event.length).put(event);
        out.putLong(ticket.incarnation())
                .putLong(ticket.number())
                .putLong(ticket.issuedAt().toEpochMilli());
        out.putShort((short) subject.length).put(subject);
        if (moved) {
            out.putLong(ticket.device());
        }
        out.put(key.mac().sign(out.array(), out.position()));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(out.array());
    }

    /** Reads and checks a token. Never throws, whatever it is given. */
    public DecodedTicket decode(String token) {
        if (token.length() > MAX_LENGTH) {
            return new Invalid(Reason.MALFORMED);
        }
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(token);
        } catch (IllegalArgumentException e) {
            return new Invalid(Reason.MALFORMED);
        }
        int signed = bytes.length - Hmac.BYTES;
        if (signed < 5 || (bytes[0] != VERSION && bytes[0] != VERSION_MOVED)) {
            return new Invalid(Reason.MALFORMED);
        }
        Optional<SigningKeys.Key> key = keys.named(ByteBuffer.wrap(bytes, 1, 4).getInt());
        if (key.isEmpty()) {
            return new Invalid(Reason.UNKNOWN_KEY);
        }
        byte[] expected = key.get().mac().sign(bytes, signed);
        if (!MessageDigest.isEqual(expected, Arrays.copyOfRange(bytes, signed, bytes.length))
                || !canonical(token, bytes)) {
            return new Invalid(Reason.BAD_SIGNATURE);
        }
        return fields(ByteBuffer.wrap(bytes, 5, signed - 5), bytes[0] == VERSION_MOVED);
    }

    /** The last character of a base64 text may carry bits that mean nothing: only one spelling is a token. */
    private static boolean canonical(String token, byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).equals(token);
    }

    private static DecodedTicket fields(ByteBuffer in, boolean moved) {
        try {
            String event = text(in);
            long incarnation = in.getLong();
            long number = in.getLong();
            Instant issuedAt = Instant.ofEpochMilli(in.getLong());
            String subject = text(in);
            long device = moved ? in.getLong() : 0;
            if (in.hasRemaining() || (moved && device == 0)) {
                return new Invalid(Reason.MALFORMED);
            }
            return new DecodedTicket.Valid(new Ticket(
                    event,
                    incarnation,
                    number,
                    issuedAt,
                    subject.isEmpty() ? Optional.empty() : Optional.of(subject),
                    device));
        } catch (BufferUnderflowException | CharacterCodingException | IllegalArgumentException e) {
            // Signed by us, and yet not a ticket: a key shared with something else.
            return new Invalid(Reason.MALFORMED);
        }
    }

    private static String text(ByteBuffer in) throws CharacterCodingException {
        int length = Short.toUnsignedInt(in.getShort());
        if (length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        ByteBuffer slice = in.slice(in.position(), length);
        in.position(in.position() + length);
        return StandardCharsets.UTF_8.newDecoder().decode(slice).toString();
    }
}
