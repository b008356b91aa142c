package dev.waitingroom.queue.room;

import dev.waitingroom.queue.policy.Policy;
import dev.waitingroom.queue.room.TicketStatusCalculator.Look;
import dev.waitingroom.queue.store.RoomScripts.JoinAnswer;
import dev.waitingroom.queue.ticket.Ticket;
import java.time.Instant;
import java.util.Optional;

/** What the visitor of a join is told, by the replica of the line. Use it on the room's thread only. */
final class JoinOutcomeFactory {
    private final RoomContext context;
    private final LineReplica line;
    private final TicketStandings standings;
    private final Heartbeats heartbeats;

    JoinOutcomeFactory(RoomContext context, LineReplica line, TicketStandings standings, Heartbeats heartbeats) {
        this.context = context;
        this.line = line;
        this.standings = standings;
        this.heartbeats = heartbeats;
    }

    /** @param subject the user id of the visitor who joined */
    JoinOutcome of(JoinAnswer answer, Optional<String> subject) {
        return switch (answer) {
            case JoinAnswer.Issued(long number, long issuedMillis) -> joined(ticket(number, issuedMillis, subject));
            case JoinAnswer.Admitted(long number, long issuedMillis, long grantedMillis) ->
                new JoinOutcome.Admitted(
                        ticket(number, issuedMillis, subject),
                        new AdmitOutcome.Granted(
                                Instant.ofEpochMilli(grantedMillis),
                                line.view().policy().reservationTtl()));
            case JoinAnswer.Full(long maxLength) -> new JoinOutcome.Full(maxLength);
            case JoinAnswer.Rejected() ->
                new JoinOutcome.Rejected(line.view().policy().message());
        };
    }

    private Ticket ticket(long number, long issuedMillis, Optional<String> subject) {
        Policy policy = line.view().policy();
        return standings.onLatestDevice(new Ticket(
                policy.eventId(), policy.incarnation(), number, Instant.ofEpochMilli(issuedMillis), subject));
    }

    private JoinOutcome joined(Ticket ticket) {
        heartbeats.mark(ticket.number(), context.clock().micros());
        return new JoinOutcome.Joined(
                ticket,
                switch (standings.look(ticket)) {
                    case Look.Waits(TicketStatus status, boolean lookup) -> status;
                    case Look.Over(TicketStatus status) -> status;
                });
    }
}
