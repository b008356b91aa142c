package dev.waitingroom.queue.room;

import dev.waitingroom.queue.line.LineSnapshot;
import dev.waitingroom.queue.room.TicketOutcomes.Outcome;
import dev.waitingroom.queue.room.TicketStatusCalculator.Look;
import dev.waitingroom.queue.store.RoomScripts.Present;
import dev.waitingroom.queue.ticket.Ticket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongPredicate;

/** Where tickets stand by this process's replica of the line. For any thread, unless a method says otherwise. */
final class TicketStandings {
    private final RoomContext context;
    private final LineReplica line;
    private final LatestDevices devices;

    TicketStandings(RoomContext context, LineReplica line) {
        this.context = context;
        this.line = line;
        this.devices = new LatestDevices(context);
    }

    /** Where a ticket stands. A snapshot must have been published. */
    Look look(Ticket ticket) {
        return look(line.view(), ticket, line.promises()::promised);
    }

    /** The same for a visitor who polls: from now on they are here, and may be told to enter. */
    Look polled(Ticket ticket) {
        RoomSnapshot view = line.view();
        Look look = look(
                view,
                ticket,
                number -> line.promises()
                        .mayEnter(
                                number,
                                TicketStatusCalculator.grantsSoon(
                                        view, context.clock().micros()),
                                context.nanoTime()));
        if (look instanceof Look.Waits(TicketStatus status, boolean lookup)) {
            line.promises().expect(ticket.number(), status.pollAfter(), context.nanoTime());
        }
        return look;
    }

    /** Whether the ticket's standing is a guess until Redis has been asked about it. */
    boolean guesses(Ticket ticket) {
        return line.published()
                .filter(view ->
                        TicketStatusCalculator.guesses(view, line.admissions().outcomes(), ticket))
                .isPresent();
    }

    /** Whether the ticket is later than the replica: another gateway issued it a moment ago, or a newer line than Redis has now. */
    boolean beyond(long ticket) {
        return line.published()
                .map(RoomSnapshot::line)
                .filter(copy -> ticket >= copy.next() && copy.standing(ticket) == LineSnapshot.Standing.BEYOND)
                .isPresent();
    }

    /** The ticket of the last device that has the place. A visitor key proves who the visitor is, and finds the place on any device. */
    Ticket onLatestDevice(Ticket ticket) {
        return devices.latest(ticket);
    }

    /** Whether another device than the ticket's has its place. */
    boolean hasMoved(Ticket ticket) {
        return devices.hasMovedFrom(ticket);
    }

    /** The place may have moved while an admit was held, or two devices may have asked at once. */
    CompletionStage<AdmitOutcome> unlessMoved(Ticket ticket, CompletionStage<AdmitOutcome> admitted) {
        return admitted.thenApply(
                outcome -> hasMoved(ticket) ? new AdmitOutcome.Gone(TicketStatus.State.MOVED) : outcome);
    }

    /** Moves a place that waits to another device. On the room's thread only. */
    void move(Ticket ticket, boolean anyway, CompletableFuture<MoveOutcome> answer) {
        devices.move(ticket, anyway, this::look, answer);
    }

    /** A snapshot was published: other gateways may have moved places, too. On the room's thread only. */
    void follow(RoomSnapshot view) {
        devices.follow(view);
    }

    /** Whether Redis might still find the ticket waiting. */
    boolean mayWait(Ticket ticket) {
        return look(ticket) instanceof Look.Waits;
    }

    /** Whether there are tokens for all tickets up to this one, now or while an admit is held. If so, a tick calls it soon. */
    boolean isCalledSoon(Ticket ticket) {
        return line.view().line().position(ticket.number())
                <= TicketStatusCalculator.grantsSoon(
                        line.view(), context.clock().micros());
    }

    /** Which called visitors are here, for a tick. On the room's thread only. */
    Present present() {
        LineSnapshot copy = line.view().line();
        return line.promises()
                .present(
                        ticket -> copy.standing(ticket) != LineSnapshot.Standing.ABSENT
                                || line.admissions()
                                        .outcomes()
                                        .of(ticket)
                                        .map(Outcome.Asleep.class::isInstance)
                                        .orElse(true),
                        context.nanoTime());
    }

    private Look look(RoomSnapshot view, Ticket ticket, LongPredicate entry) {
        if (devices.hasMovedFrom(ticket)) {
            return new Look.Over(
                    TicketStatusCalculator.moved(view, ticket, context.clock().micros()));
        }
        return TicketStatusCalculator.look(
                view,
                line.admissions().outcomes(),
                ticket,
                entry,
                context.clock().micros(),
                ThreadLocalRandom.current());
    }
}
