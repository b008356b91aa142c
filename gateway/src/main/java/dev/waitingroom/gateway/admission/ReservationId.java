package dev.waitingroom.gateway.admission;

import dev.waitingroom.queue.ticket.Ticket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/** The {@code jti} of an admission. */
public final class ReservationId {
    private static final int BYTES = 16;

    private ReservationId() {}

    /** 128 bits of SHA-256 over event, incarnation and number. It identifies a place without revealing the number of visitors. */
    public static String of(Ticket ticket) {
        byte[] event = ticket.eventId().getBytes(StandardCharsets.UTF_8);
        byte[] place = ByteBuffer.allocate(event.length + 2 * Long.BYTES)
                .put(event)
                .putLong(ticket.incarnation())
                .putLong(ticket.number())
                .array();
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(place);
            return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(hash, BYTES));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
