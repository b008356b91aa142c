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
 * @param device which device has the ticket: 0 for the one that joined, a higher number after each move of the place
 */
public record Ticket(
        String eventId, long incarnation, long number, Instant issuedAt, Optional<String> subject, long device) {
    private static final int MAX_CHARACTERS = 128;

    public Ticket {
        checkLength("eventId", eventId);
        if (number < 1 || number >= 1L << 53) {
            throw new IllegalArgumentException("number must be 1..2^53-1, not " + number);
        }
        if (device < 0) {
            throw new IllegalArgumentException("device must be at least 0, not " + device);
        }
        subject.ifPresent(s -> checkLength("subject", s));
    }

    /** The ticket of the device that joined. */
    public Ticket(String eventId, long incarnation, long number, Instant issuedAt, Optional<String> subject) {
        this(eventId, incarnation, number, issuedAt, subject, 0);
    }

    /** The same place on another device. */
    public Ticket on(long newDevice) {
        return new Ticket(eventId, incarnation, number, issuedAt, subject, newDevice);
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
