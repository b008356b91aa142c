package dev.waitingroom.queue.room;

import dev.waitingroom.queue.room.SessionBatcher.SessionUse;
import dev.waitingroom.queue.ticket.Ticket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What visitors ask of a room and Redis has yet to answer. Answers each request in time. Use it on the room's thread only, except for
 * {@link #held}.
 */
final class RoomBatches {
    /** On average 20 ms. Two gateways in step with the tokens would leave all of them to the same one. */
    private static final Duration MIN_PULSE = Duration.ofMillis(15);

    private static final Duration MAX_PULSE = Duration.ofMillis(25);

    private final RoomContext context;
    private final TicketStandings standings;
    private final JoinBatcher joins;
    private final AdmitBatcher admits;
    private final LeaveBatcher leaves;
    private final SessionBatcher sessions;
    private volatile int held;
    private boolean pulsing;

    RoomBatches(RoomContext context, LineReplica line, TicketStandings standings) {
        this.context = context;
        this.standings = standings;
        this.joins = new JoinBatcher(context, line);
        this.admits = new AdmitBatcher(context, line, standings);
        this.leaves = new LeaveBatcher(context, line);
        this.sessions = new SessionBatcher(context, line);
    }

    /** How many admits are held for a token. Any thread. */
    int held() {
        return held;
    }

    void join(JoinBatcher.Join join, CompletableFuture<JoinOutcome> answer, long sinceNanos) {
        joins.add(join, answer, sinceNanos);
        pulse();
    }

    void admit(Ticket ticket, Duration wait, CompletableFuture<AdmitOutcome> answer) {
        admits.add(ticket, wait, answer);
        pulse();
    }

    /** An earlier device has no place, and must not end the last one's. */
    void leave(Ticket ticket, CompletableFuture<LeaveOutcome> answer) {
        if (standings.hasMoved(ticket)) {
            answer.complete(new LeaveOutcome.Left());
            return;
        }
        leaves.add(ticket.number(), answer, context.nanoTime());
        pulse();
    }

    void session(SessionUse use, CompletableFuture<SessionOutcome> answer) {
        sessions.add(use, answer, context.nanoTime());
        pulse();
    }

    /** A snapshot was published that was asked for at this time. */
    void decide(long askedNanos) {
        admits.decide(askedNanos);
    }

    void countHeld() {
        held = admits.held();
    }

    /** This process no longer serves the room. */
    void close(Unavailability why) {
        joins.close(why);
        admits.close(new AdmitOutcome.Unavailable(why));
        leaves.close(why);
        sessions.close(why);
    }

    /** The room was deleted. */
    void end() {
        joins.end();
        admits.close(new AdmitOutcome.Gone(TicketStatus.State.CLOSED));
        leaves.end();
        sessions.end();
    }

    private void pulse() {
        if (!pulsing) {
            pulsing = true;
            long nanos = ThreadLocalRandom.current().nextLong(MIN_PULSE.toNanos(), MAX_PULSE.toNanos());
            context.after(Duration.ofNanos(nanos), this::beat);
        }
    }

    private void beat() {
        pulsing = false;
        joins.expire();
        admits.expire();
        leaves.expire();
        sessions.expire();
        countHeld();
        if (!joins.idle() || !admits.idle() || !leaves.idle() || !sessions.idle()) {
            pulse();
        }
    }
}
