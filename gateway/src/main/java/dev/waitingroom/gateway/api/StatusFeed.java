package dev.waitingroom.gateway.api;

import dev.waitingroom.gateway.api.TicketResolver.Place;
import dev.waitingroom.gateway.http.EventFeed;
import dev.waitingroom.gateway.http.ProblemException;
import dev.waitingroom.gateway.http.ServerSentEvent;
import dev.waitingroom.queue.room.TicketStatus;
import dev.waitingroom.queue.ticket.Ticket;
import java.time.Duration;
import java.util.Optional;

/** Feeds a stream with the status of one place. Each look counts as a poll of the visitor, who keeps the place by it. */
final class StatusFeed implements EventFeed {
    private static final String EVENT = "status";

    private final TicketResolver tickets;
    private final String token;
    private final Ticket ticket;
    private TicketStatus told;
    private long toldNanos;

    /** @param told what the stream begins with, now */
    StatusFeed(TicketResolver tickets, Place.Served place, TicketStatus told, long nowNanos) {
        this.tickets = tickets;
        this.token = place.token();
        this.ticket = place.ticket();
        this.told = told;
        this.toldNanos = nowNanos;
    }

    static ServerSentEvent event(TicketStatus status) {
        return new ServerSentEvent(EVENT, Long.toString(status.asOf().toEpochMilli()), Answers.status(status));
    }

    @Override
    public Step next(long nowNanos) {
        Place place;
        try {
            place = tickets.place(token, ticket);
            if (place instanceof Place.Served served) {
                tickets.requireLine(served);
            }
        } catch (ProblemException e) {
            // The client connects again, and gets the problem as the answer.
            return e.problem().type() == QueueProblem.STARTING ? new Step.Pause() : new Step.End(Optional.empty());
        }
        return switch (place) {
            case Place.Served served -> next(served, nowNanos);
            case Place.Closed closed -> new Step.End(Optional.of(event(tickets.closed(ticket))));
        };
    }

    private Step next(Place.Served place, long nowNanos) {
        if (place.room().unsettled(ticket).isPresent()) {
            return new Step.Pause(); // Redis has been asked, and will have answered by the next look
        }
        TicketStatus status = place.room().status(ticket);
        if (status.state() != TicketStatus.State.WAITING) {
            return new Step.End(Optional.of(event(status)));
        }
        if (!StatusChange.isDue(told, status, Duration.ofNanos(nowNanos - toldNanos))) {
            return new Step.Pause();
        }
        told = status;
        toldNanos = nowNanos;
        return new Step.Send(event(status));
    }
}
