package dev.waitingroom.queue.room;

import dev.waitingroom.queue.policy.Policy;
import dev.waitingroom.queue.room.TicketOutcomes.Outcome;
import dev.waitingroom.queue.store.Change;
import dev.waitingroom.queue.store.Header;
import java.util.List;
import java.util.Optional;

/**
 * This process's copy of the admissions: the outcomes of tickets, and the active sessions. It follows the journal, and reads from Redis what
 * the journal does not tell: tickets that were admitted earlier, and sessions that began earlier. Use it on the room's thread only, except
 * where its parts say otherwise.
 */
final class AdmissionReplica {
    private final RoomContext context;
    private final TicketOutcomes outcomes = new TicketOutcomes();
    private final SessionReplica sessions = new SessionReplica();
    private final Runnable whenRead;
    private Optional<GrantReader> grants = Optional.empty();
    private Optional<SessionReader> reader = Optional.empty();
    private boolean capped;
    private boolean known;

    /** @param whenRead run whenever all is read */
    AdmissionReplica(RoomContext context, Runnable whenRead) {
        this.context = context;
        this.whenRead = whenRead;
    }

    TicketOutcomes outcomes() {
        return outcomes;
    }

    SessionReplica sessions() {
        return sessions;
    }

    /** Admissions since this time (ms) have a valid reservation. */
    long reservedSince(Policy policy) {
        return context.clock().micros() / 1_000 - policy.reservationTtl().toMillis();
    }

    /** Redis admitted this ticket, now or earlier. */
    void granted(long ticket, long atMillis, Policy policy) {
        outcomes.learn(ticket, new Outcome.Granted(atMillis));
        if (policy.cap().isPresent() && !outcomes.ended(ticket)) {
            sessions.lastsUntil(ticket, atMillis + policy.admissionTtl().toMillis());
        }
    }

    void learn(List<Change> changes) {
        changes.forEach(outcomes::learn);
        sessions.learn(changes);
    }

    /** A full snapshot came: the journal before it is missing. */
    void begin() {
        end();
        sessions.complete(false);
        grants = Optional.of(new GrantReader(context, outcomes, this::readSessions));
    }

    /** Ends what is under way: another epoch has begun. */
    void end() {
        grants.ifPresent(GrantReader::end);
        reader.ifPresent(SessionReader::end);
        reader = Optional.empty();
    }

    /** Reads on. */
    void goOn(Policy policy, Header header, long nowMicros) {
        capped = policy.cap().isPresent();
        known = header.sessions().fullUntilMillis() <= nowMicros / 1_000;
        sessions.forgetBefore(nowMicros / 1_000);
        grants.ifPresent(current -> current.goOn(reservedSince(policy)));
        if (reader.filter(SessionReader::over).isPresent() && known && !sessions.complete()) {
            readSessions(); // Redis has those of all copies now
        }
        reader.ifPresent(current -> current.goOn(capped));
    }

    private void readSessions() {
        SessionReader next = new SessionReader(context, sessions, this::sessionsRead);
        reader = Optional.of(next);
        next.goOn(capped);
    }

    private void sessionsRead() {
        sessions.complete(known);
        whenRead.run();
    }
}
