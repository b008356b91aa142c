package dev.waitingroom.gateway.session;

import dev.waitingroom.queue.policy.Policy;
import dev.waitingroom.queue.room.AdmitOutcome;
import dev.waitingroom.queue.room.Room;
import dev.waitingroom.queue.room.SessionOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;

/** The places that sessions take in a room with {@code maxActive}. In other rooms, and for sessions without a ticket, there are none. */
public final class SessionPlaces {
    private SessionPlaces() {}

    /** Whether the session has ended, so that its cookie admits nobody any more. */
    public static boolean ended(Room room, Session session) {
        OptionalLong ticket = session.ticket();
        return ticket.isPresent() && room.sessions().ended(ticket.getAsLong());
    }

    /** Frees the session's place. Empty if it has none. */
    public static Optional<CompletionStage<SessionOutcome>> end(Room room, Session session) {
        return isCounted(room, session)
                ? Optional.of(room.sessions().end(session.ticket().getAsLong()))
                : Optional.empty();
    }

    /** Asks to keep the session's place for as long as a session lasts. Empty if it has none. */
    public static Optional<CompletionStage<SessionOutcome>> renew(Room room, Session session) {
        return isCounted(room, session)
                ? Optional.of(room.sessions().renew(session.ticket().getAsLong(), session.expiresAt()))
                : Optional.empty();
    }

    /** How long the session of an admission lasts from now: no longer than its place is held since the admission. */
    public static Duration lasts(Room room, AdmitOutcome.Granted granted, Instant now) {
        Duration session = room.site().session().lasts();
        return room.policy()
                .filter(policy -> policy.cap().isPresent())
                .map(Policy::admissionTtl)
                .map(held -> Duration.between(now, granted.grantedAt().plus(held)))
                .filter(left -> left.compareTo(session) < 0)
                .map(left -> left.isNegative() ? Duration.ZERO : left)
                .orElse(session);
    }

    private static boolean isCounted(Room room, Session session) {
        return session.ticket().isPresent()
                && room.policy().filter(policy -> policy.cap().isPresent()).isPresent();
    }
}
