package dev.waitingroom.gateway.page;

import dev.waitingroom.gateway.api.RoomCall;
import dev.waitingroom.gateway.api.RoomCaller;
import dev.waitingroom.gateway.api.TicketResolver;
import dev.waitingroom.gateway.api.TicketResolver.Place;
import dev.waitingroom.queue.room.MoveOutcome;
import dev.waitingroom.queue.room.Room;
import dev.waitingroom.queue.room.TicketStatus;
import dev.waitingroom.queue.room.Unavailability;
import dev.waitingroom.queue.ticket.Ticket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Moves a place to this device: by the code of a link, or back from the device that took it. */
final class TakeoverAction {
    private static final String NAME = "move";
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final TicketResolver tickets;
    private final RoomCaller caller;
    private final HandoverLinks links;

    TakeoverAction(TicketResolver tickets, RoomCaller caller, HandoverLinks links) {
        this.tickets = tickets;
        this.caller = caller;
        this.links = links;
    }

    /** Takes the place of a link. The device gives up the one that it had. */
    void byCode(FormAnswer answer, VisitorPlace found, String code) {
        links.ticket(found.room(), code)
                .ifPresentOrElse(
                        ticket -> move(answer, new Move(found.room(), ticket, code, found.place())),
                        () -> linkIsOver(answer));
    }

    /** Takes the place back from a later device. */
    void back(FormAnswer answer, Place.Served place) {
        move(answer, new Move(place.room(), place.ticket(), "", Optional.empty()));
    }

    /**
     * @param code of the link; empty if the place is taken back
     * @param own the place that the device has
     */
    private record Move(Room room, Ticket ticket, String code, Optional<Place.Served> own) {
        CompletionStage<MoveOutcome> run() {
            CompletionStage<Void> settled =
                    room.unsettled(ticket).orElseGet(() -> CompletableFuture.completedFuture(null));
            return settled.thenCompose(known -> room.move(ticket, code.isEmpty()));
        }
    }

    private void move(FormAnswer answer, Move move) {
        RoomCall call = new RoomCall(answer.exchange(), NAME, move.room(), Optional.empty());
        caller.call(
                call,
                move::run,
                outcome -> moved(answer, call, move, outcome),
                why -> unavailable(answer, call, move, why));
    }

    private void moved(FormAnswer answer, RoomCall call, Move move, MoveOutcome outcome) {
        switch (outcome) {
            case MoveOutcome.Moved moved -> {
                caller.count(call, "moved");
                leave(move, moved.ticket());
                answer.keep(tickets.encode(moved.ticket()));
                TicketStatus status = move.room().status(moved.ticket());
                answer.placed(PageState.of(status), status, status.pollAfter());
            }
            case MoveOutcome.TakenAlready taken -> {
                caller.count(call, "taken");
                linkIsOver(answer);
            }
            case MoveOutcome.Over over -> {
                caller.count(call, "gone");
                answer.bare(PageState.ended(over.state()), "", RETRY);
            }
            case MoveOutcome.Unavailable failed -> unavailable(answer, call, move, failed.why());
        }
    }

    /** Nobody waits for a place whose token is replaced. Otherwise it would expire by its silence. */
    private static void leave(Move move, Ticket taken) {
        move.own()
                .filter(own -> own.ticket().number() != taken.number())
                .ifPresent(own -> move.room().leave(own.ticket()));
    }

    private static void linkIsOver(FormAnswer answer) {
        answer.bare(PageState.LINK, "", RETRY);
    }

    private void unavailable(FormAnswer answer, RoomCall call, Move move, Unavailability why) {
        caller.failed(call, why);
        answer.notMoved(move.code(), why.retryAfter());
    }
}
