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
    private static final int MAX_CHARACTERS = 128;

    public Ticket {
        checkLength("eventId", eventId);
        if (number < 1 || number >= 1L << 53) {
            throw new IllegalArgumentException("number must be 1..2^53-1, not " + number);
        }
        subject.ifPresent(s -> checkLength("subject", s));
    }

    /** Characters are code points: an emoji is one. */
    private static void checkLength(String name, String text) {
        int characters = text.codePointCount(0, text.length());
        if (characters < 1 || characters > MAX_CHARACTERS) {
            throw new IllegalArgumentException(
                    name + " must have 1.." + MAX_CHARACTERS + " characters, not " + characters);
        }
    }
}
