package dev.waitingroom.gateway.session;

import dev.waitingroom.gateway.session.SessionCheck.Invalid;
import dev.waitingroom.gateway.session.SessionCheck.Reason;
import dev.waitingroom.queue.ticket.Hmac;
import dev.waitingroom.queue.ticket.SigningKeys;
import dev.waitingroom.queue.ticket.TicketKeys;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A session as the value of a cookie: base64url of version, key tag, event id, incarnation, id, ticket and expiry, and 16 bytes of HMAC over all of
 * it. Its keys are derived from the ticket keys. It is checked with each request of a visitor: {@code SessionBenchmark} measures how
 * long that takes. Thread-safe.
 */
public final class SessionCodec {
    /** The longest value there is, in characters: an event id has at most 128 ASCII characters. */
    public static final int MAX_LENGTH = 256;

    private static final String PURPOSE = "waitingroom session 1";
    private static final byte VERSION = 1;
    private static final int ID_BYTES = 16;

    /** No ticket has this number. */
    private static final long NO_TICKET = 0;

    /** All but the event id. */
    private static final int FIXED_BYTES = 1 + 4 + 1 + 8 + ID_BYTES + 8 + 8 + Hmac.BYTES;

    private static final int SIGNED_HEAD = 1 + 4 + 1;

    private final SigningKeys keys;

    public SessionCodec(TicketKeys keys) {
        this.keys = keys.derive(PURPOSE);
    }

    /** The value of a session, signed with the keys' first. */
    public String encode(Session session) {
        SigningKeys.Key key = keys.signing();
        byte[] event = session.eventId().getBytes(StandardCharsets.UTF_8);
        byte[] id = Base64.getUrlDecoder().decode(session.id());
        if (event.length > 0x80 || id.length != ID_BYTES) {
            throw new IllegalArgumentException("a session has an event id of at most 128 bytes, and an id of 16");
        }
        ByteBuffer out = ByteBuffer.allocate(FIXED_BYTES + event.length);
        out.put(VERSION).putInt(key.tag()).put((byte) event.length).put(event);
        out.putLong(session.incarnation()).put(id).putLong(session.ticket().orElse(NO_TICKET));
        out.putLong(session.expiresAt().toEpochMilli());
        out.put(key.mac().sign(out.array(), out.position()));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(out.array());
    }

    /**
     * Reads and checks a value. Never throws, whatever it is given.
     *
     * @param eventId the room's event
     * @param incarnation the room's
     */
    public SessionCheck verify(String value, String eventId, long incarnation, Instant now) {
        if (value.length() > MAX_LENGTH) {
            return new Invalid(Reason.MALFORMED);
        }
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(value);
        } catch (IllegalArgumentException e) {
            return new Invalid(Reason.MALFORMED);
        }
        int signed = bytes.length - Hmac.BYTES;
        if (bytes.length < FIXED_BYTES || bytes[0] != VERSION) {
            return new Invalid(Reason.MALFORMED);
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        Optional<SigningKeys.Key> key = keys.named(in.getInt(1));
        if (key.isEmpty()) {
            return new Invalid(Reason.UNKNOWN_KEY);
        }
        byte[] expected = key.get().mac().sign(bytes, signed);
        if (!MessageDigest.isEqual(expected, Arrays.copyOfRange(bytes, signed, bytes.length))
                || !canonical(value, bytes)) {
            return new Invalid(Reason.BAD_SIGNATURE);
        }
        return checked(in, eventId, incarnation, now);
    }

    /** The last character of a base64 text may carry bits that mean nothing: only one spelling is a session. */
    private static boolean canonical(String value, byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).equals(value);
    }

    private static SessionCheck checked(ByteBuffer in, String eventId, long incarnation, Instant now) {
        int length = Byte.toUnsignedInt(in.get(SIGNED_HEAD - 1));
        if (length != in.capacity() - FIXED_BYTES) {
            return new Invalid(Reason.MALFORMED);
        }
        byte[] name = new byte[length];
        in.position(SIGNED_HEAD).get(name);
        String event = new String(name, StandardCharsets.UTF_8);
        if (!event.equals(eventId) || in.getLong() != incarnation) {
            return new Invalid(Reason.OTHER_ROOM);
        }
        byte[] id = new byte[ID_BYTES];
        in.get(id);
        long ticket = in.getLong();
        Instant expiresAt = Instant.ofEpochMilli(in.getLong());
        if (!now.isBefore(expiresAt)) {
            return new Invalid(Reason.EXPIRED);
        }
        return new SessionCheck.Valid(new Session(
                event,
                incarnation,
                Base64.getUrlEncoder().withoutPadding().encodeToString(id),
                ticket == NO_TICKET ? OptionalLong.empty() : OptionalLong.of(ticket),
                expiresAt));
    }
}
