package dev.waitingroom.gateway.session;

import dev.waitingroom.queue.ticket.Hmac;
import dev.waitingroom.queue.ticket.SigningKeys;
import dev.waitingroom.queue.ticket.Ticket;
import dev.waitingroom.queue.ticket.TicketKeys;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/**
 * A code with which another device takes a place over: base64url of version, key tag, ticket number, issue time, device, end and subject,
 * and 16 bytes of HMAC over these and the room. It has its own keys, derived from the ticket keys, so nobody can make the ticket of it. It works
 * once: it names the device that has the place, and the first use makes another device the last one. Thread-safe.
 */
public final class HandoverCodec {
    /** How long a code works. */
    public static final Duration LIFETIME = Duration.ofMinutes(10);

    private static final String PURPOSE = "waitingroom handover 1";
    private static final byte VERSION = 1;

    /** All before the subject. */
    private static final int FIXED_BYTES = 1 + 4 + 8 + 8 + 8 + 8;

    /** In characters: a subject of 128 characters, four bytes each. */
    private static final int MAX_LENGTH = 800;

    private final SigningKeys keys;

    public HandoverCodec(TicketKeys keys) {
        this.keys = keys.derive(PURPOSE);
    }

    /** A code that takes the place from the ticket's device, good from now for {@link #LIFETIME}. */
    public String encode(Ticket ticket, Instant now) {
        SigningKeys.Key key = keys.signing();
        byte[] subject = ticket.subject().orElse("").getBytes(StandardCharsets.UTF_8);
        ByteBuffer out = ByteBuffer.allocate(FIXED_BYTES + subject.length + Hmac.BYTES);
        out.put(VERSION).putInt(key.tag()).putLong(ticket.number());
        out.putLong(ticket.issuedAt().toEpochMilli())
                .putLong(ticket.device())
                .putLong(now.plus(LIFETIME).toEpochMilli())
                .put(subject);
        out.put(signature(key, Arrays.copyOf(out.array(), out.position()), ticket.eventId(), ticket.incarnation()));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(out.array());
    }

    /**
     * The ticket of the device that has the place. Empty if the code was not issued for this room, was changed, or is too old. Never throws,
     * whatever it is given.
     */
    public Optional<Ticket> verify(String code, String eventId, long incarnation, Instant now) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(code.length() > MAX_LENGTH ? "" : code);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        int signed = bytes.length - Hmac.BYTES;
        if (signed < FIXED_BYTES || bytes[0] != VERSION) {
            return Optional.empty();
        }
        ByteBuffer in = ByteBuffer.wrap(bytes, 1, signed - 1);
        return keys.named(in.getInt())
                .map(key -> signature(key, Arrays.copyOf(bytes, signed), eventId, incarnation))
                .filter(expected -> MessageDigest.isEqual(expected, Arrays.copyOfRange(bytes, signed, bytes.length)))
                .filter(genuine -> canonical(code, bytes))
                .flatMap(genuine -> ticket(in, eventId, incarnation, now));
    }

    /** The last character of a base64 text may carry bits that mean nothing: only one spelling is a code. */
    private static boolean canonical(String code, byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).equals(code);
    }

    private static Optional<Ticket> ticket(ByteBuffer in, String eventId, long incarnation, Instant now) {
        long number = in.getLong();
        Instant issuedAt = Instant.ofEpochMilli(in.getLong());
        long device = in.getLong();
        Instant end = Instant.ofEpochMilli(in.getLong());
        String subject = StandardCharsets.UTF_8.decode(in).toString();
        return now.isBefore(end)
                ? Optional.of(new Ticket(
                        eventId,
                        incarnation,
                        number,
                        issuedAt,
                        Optional.of(subject).filter(text -> !text.isEmpty()),
                        device))
                : Optional.empty();
    }

    /** The room is signed and not sent: who opens the link names it, and a code is short enough for a camera. */
    private static byte[] signature(SigningKeys.Key key, byte[] code, String eventId, long incarnation) {
        byte[] event = eventId.getBytes(StandardCharsets.UTF_8);
        ByteBuffer all = ByteBuffer.allocate(code.length + Long.BYTES + event.length);
        all.put(code).putLong(incarnation).put(event);
        return key.mac().sign(all.array(), all.capacity());
    }
}
