package dev.waitingroom.queue.ticket;

import java.time.Instant;
import java.util.Optional;

/**
 * A place in a line, as the visitor carries it. Everything that is known of a visitor stands here; nothing is stored for each.
 *
 * @param eventId the event it was issued for, 1..128 characters
 * @param incarnation which room of that name issued it, see {@link dev.waitingroom.queue.policy.Policy#incarnation}
 * @param number the ticket number, 1..2^53-1
 * @param issuedAt when it was issued, by Redis' clock, whole milliseconds
 * @param subject the visitor's user_id if the join gave one, 1..128 characters
 */
public record Ticket(String eventId, long incarnation, long number, Instant issuedAt, Optional<String> subject) {
    public Ticket {
        if (eventId.isEmpty() || eventId.length() > 128) {
            throw new IllegalArgumentException("eventId must have 1..128 characters, not " + eventId.length());
        }
        if (number < 1 || number >= 1L << 53) {
            throw new IllegalArgumentException("number must be 1..2^53-1, not " + number);
        }
        subject.ifPresent(s -> {
            if (s.isEmpty() || s.length() > 128) {
                throw new IllegalArgumentException("subject must have 1..128 characters, not " + s.length());
            }
        });
    }
}
