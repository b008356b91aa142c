package dev.waitingroom.queue.policy;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the operator decided about a room, as every script and gateway reads it.
 *
 * @param eventId the event that visitors name, unique on its gateway
 * @param incarnation tells this room from an earlier one of the same name: derived from the object's uid, 0..2^53-1
 * @param generation the object's generation; an older one never overwrites a newer one
 * @param mode what the room does with its visitors
 * @param rate admissions a period, 1..1,000,000
 * @param period 1..3,600 whole seconds
 * @param burst tokens that a full bucket holds, 1..10,000,000
 * @param ttl silence before a place is lost, 5..86,400 whole seconds
 * @param turnTtl how long a turn stays good, 5..86,400 whole seconds
 * @param maxLength the most that may wait, at least 1; empty for no limit
 * @param reservationTtl how long an admission is good for, 5..86,400 whole seconds
 * @param message what visitors are told while joins are refused, at most 200 characters; may be empty
 * @param cap how many sessions may be active at a time; empty for no limit
 */
public record Policy(
        String eventId,
        long incarnation,
        long generation,
        Mode mode,
        int rate,
        Duration period,
        int burst,
        Duration ttl,
        Duration turnTtl,
        OptionalLong maxLength,
        Duration reservationTtl,
        String message,
        Optional<SessionCap> cap) {

    public Policy {
        if (eventId.isEmpty() || eventId.length() > 128) {
            throw new IllegalArgumentException("eventId must have 1..128 characters, not " + eventId.length());
        }
        range("incarnation", incarnation, 0, (1L << 53) - 1);
        range("generation", generation, 0, (1L << 53) - 1);
        range("rate", rate, 1, 1_000_000);
        seconds("period", period, 1, 3_600);
        range("burst", burst, 1, 10_000_000);
        seconds("ttl", ttl, 5, 86_400);
        seconds("turnTtl", turnTtl, 5, 86_400);
        maxLength.ifPresent(n -> range("maxLength", n, 1, 1L << 40));
        seconds("reservationTtl", reservationTtl, 5, 86_400);
        if (message.length() > 200) {
            throw new IllegalArgumentException("message must have at most 200 characters, not " + message.length());
        }
    }

    /** A policy that does not limit active sessions. */
    public Policy(
            String eventId,
            long incarnation,
            long generation,
            Mode mode,
            int rate,
            Duration period,
            int burst,
            Duration ttl,
            Duration turnTtl,
            OptionalLong maxLength,
            Duration reservationTtl,
            String message) {
        this(
                eventId,
                incarnation,
                generation,
                mode,
                rate,
                period,
                burst,
                ttl,
                turnTtl,
                maxLength,
                reservationTtl,
                message,
                Optional.empty());
    }

    /** The same policy with this limit of active sessions. */
    public Policy withCap(Optional<SessionCap> newCap) {
        return new Policy(
                eventId,
                incarnation,
                generation,
                mode,
                rate,
                period,
                burst,
                ttl,
                turnTtl,
                maxLength,
                reservationTtl,
                message,
                newCap);
    }

    /** How long an admission may be used: its reservation, or a session that is not renewed. */
    public Duration admissionTtl() {
        return cap.map(SessionCap::sessionTtl)
                .filter(session -> session.compareTo(reservationTtl) > 0)
                .orElse(reservationTtl);
    }

    /** Admissions a second. */
    public double ratePerSecond() {
        return rate / (double) period.toSeconds();
    }

    static void seconds(String field, Duration value, long min, long max) {
        if (!value.equals(Duration.ofSeconds(value.toSeconds()))) {
            throw new IllegalArgumentException(field + " must be whole seconds, not " + value);
        }
        range(field, value.toSeconds(), min, max);
    }

    static void range(String field, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(field + " must be " + min + ".." + max + ", not " + value);
        }
    }
}
