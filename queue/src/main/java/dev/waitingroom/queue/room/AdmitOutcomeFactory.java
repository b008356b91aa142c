package dev.waitingroom.queue.room;

import dev.waitingroom.queue.policy.PollInterval;
import dev.waitingroom.queue.room.TicketOutcomes.Outcome;
import dev.waitingroom.queue.room.TicketStatusCalculator.Look;
import dev.waitingroom.queue.ticket.Ticket;
import java.time.Duration;
import java.time.Instant;

/** What the visitor of an admit is told, by the replica of the line. Use it on the room's thread only. */
final class AdmitOutcomeFactory {
    private final RoomContext context;
    private final LineReplica line;
    private final TicketStandings standings;

    AdmitOutcomeFactory(RoomContext context, LineReplica line, TicketStandings standings) {
        this.context = context;
        this.line = line;
        this.standings = standings;
    }

    AdmitOutcome granted(long grantedMillis) {
        return new AdmitOutcome.Granted(
                Instant.ofEpochMilli(grantedMillis), line.view().policy().reservationTtl());
    }

    AdmitOutcome gone(Ticket ticket) {
        boolean left = line.admissions()
                .outcomes()
                .of(ticket.number())
                .filter(Outcome.Left.class::isInstance)
                .isPresent();
        return new AdmitOutcome.Gone(left ? TicketStatus.State.LEFT : TicketStatus.State.EXPIRED);
    }

    AdmitOutcome notYet(Ticket ticket) {
        return switch (standings.look(ticket)) {
            case Look.Waits(TicketStatus status, boolean lookup) ->
                new AdmitOutcome.NotYet(
                        status,
                        Duration.ofSeconds(Math.max(1, status.pollAfter().toSeconds())));
            case Look.Over(TicketStatus status) -> new AdmitOutcome.Gone(status.state());
        };
    }

    AdmitOutcome bucketEmpty(Ticket ticket, long nextTokenMicros) {
        return switch (standings.look(ticket)) {
            case Look.Waits(TicketStatus status, boolean lookup) ->
                new AdmitOutcome.BucketEmpty(status, retryWithToken(ticket, nextTokenMicros));
            case Look.Over(TicketStatus status) -> new AdmitOutcome.Gone(status.state());
        };
    }

    /**
     * The whole seconds until the next token, but no longer than polls may be apart. The visitor comes back just before the token, is held
     * for it, and is not overtaken by other held visitors. Until then they are expected.
     */
    private Duration retryWithToken(Ticket ticket, long nextTokenMicros) {
        long token = Math.floorDiv(nextTokenMicros - context.clock().micros(), 1_000_000L);
        long poll = PollInterval.max(line.view().policy()).toSeconds();
        Duration retry = Duration.ofSeconds(Math.max(1, Math.min(token, poll)));
        line.promises().expect(ticket.number(), retry, context.nanoTime());
        return retry;
    }
}
