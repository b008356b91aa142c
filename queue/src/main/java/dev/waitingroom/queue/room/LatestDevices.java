package dev.waitingroom.queue.room;

import dev.waitingroom.queue.room.TicketStatusCalculator.Look;
import dev.waitingroom.queue.store.Reply;
import dev.waitingroom.queue.store.RoomScripts;
import dev.waitingroom.queue.store.RoomScripts.MovedPlaces;
import dev.waitingroom.queue.ticket.Ticket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Which device has each place that moved, as Redis or a visitor's ticket last told it. Tickets are signed, so a ticket proves that its device
 * was given the place. Use it on the room's thread only, except for {@link #hasMovedFrom}.
 */
final class LatestDevices {
    /** An entry takes about 100 bytes, here and in Redis. */
    static final int MAX_MOVED = 100_000;

    private static final long ANY_DEVICE = (1L << 53) - 1;
    private static final Duration READ_PERIOD = Duration.ofMillis(500);
    private static final Unavailability TOO_MANY = new Unavailability(
            Unavailability.Cause.OVERLOADED, MAX_MOVED + " places have moved", Duration.ofSeconds(30));

    private static final Unavailability LATE = new Unavailability(
            Unavailability.Cause.REDIS_UNREACHABLE, "the call came too late to Redis", Duration.ofSeconds(1));

    private final RoomContext context;
    private final Map<Long, Long> latest = new ConcurrentHashMap<>();
    private boolean reading;
    private long readNanos;
    private long readUpTo;
    private long readEpoch;

    LatestDevices(RoomContext context) {
        this.context = context;
        this.readNanos = context.nanoTime() - READ_PERIOD.toNanos();
    }

    /** Whether another device than the ticket's has its place. Any thread. */
    boolean hasMovedFrom(Ticket ticket) {
        if (ticket.device() == 0) {
            return !latest.isEmpty() && latest.containsKey(ticket.number());
        }
        return latest.merge(ticket.number(), ticket.device(), Math::max) > ticket.device();
    }

    /** The ticket of the last device that has the place, as far as is known. */
    Ticket latest(Ticket ticket) {
        return ticket.on(Math.max(latest.getOrDefault(ticket.number(), 0L), ticket.device()));
    }

    /** A snapshot was published. While somebody waits, reads what moved since, unless that was done a moment ago. */
    void follow(RoomSnapshot view) {
        if (view.header().waiting() == 0 || reading || context.nanoTime() - readNanos < READ_PERIOD.toNanos()) {
            return;
        }
        readNanos = context.nanoTime();
        if (readEpoch != context.epoch()) { // Redis lost something, and its clock may be another
            readEpoch = context.epoch();
            readUpTo = 0;
        }
        read();
    }

    private void read() {
        reading = true;
        context.follow(context.scripts().devices(readUpTo), ended -> {
            reading = false;
            if (ended instanceof RoomContext.Ended.Answered(Reply.Done(long now, MovedPlaces moved))) {
                learn(moved);
                if (moved.more()) {
                    read();
                }
            } // else the next refresh reads
        });
    }

    private void learn(MovedPlaces moved) {
        for (int i = 0; i < moved.tickets().length; i++) {
            latest.merge(moved.tickets()[i], moved.devices()[i], Math::max);
            readUpTo = moved.devices()[i];
        }
        if (moved.tickets().length > 0) {
            long kept = context.clock().micros() / 1_000 - RoomScripts.DEVICES_KEPT.toMillis();
            latest.values().removeIf(device -> device < kept);
        }
    }

    /**
     * Moves the place of a ticket.
     *
     * @param look tells where the ticket of the last device stands
     */
    void move(Ticket ticket, boolean anyway, Function<Ticket, Look> look, CompletableFuture<MoveOutcome> answer) {
        Ticket current = latest(ticket);
        if (!anyway && !current.equals(ticket)) {
            answer.complete(new MoveOutcome.TakenAlready());
        } else if (look.apply(current) instanceof Look.Over(TicketStatus status)) {
            answer.complete(new MoveOutcome.Over(status.state()));
        } else if (latest.size() >= MAX_MOVED) {
            answer.complete(new MoveOutcome.Unavailable(TOO_MANY));
        } else {
            long highest = anyway ? ANY_DEVICE : ticket.device();
            long deadline = context.call(RoomScripts.CALL_TIMEOUT).deadlineMicros();
            context.follow(
                    context.scripts().move(ticket.number(), highest, current.device(), deadline),
                    ended -> answer.complete(outcome(ticket, ended)));
        }
    }

    private MoveOutcome outcome(Ticket ticket, RoomContext.Ended<Long> ended) {
        return switch (ended) {
            case RoomContext.Ended.Answered(Reply.Done(long now, Long device))
            when device == 0 -> new MoveOutcome.TakenAlready();
            case RoomContext.Ended.Answered(Reply.Done(long now, Long device)) -> {
                latest.merge(ticket.number(), device, Math::max);
                yield new MoveOutcome.Moved(ticket.on(device));
            }
            case RoomContext.Ended.Answered(Reply.NoPolicy<Long> none) ->
                new MoveOutcome.Unavailable(PolicyReader.NO_POLICY);
            case RoomContext.Ended.Answered<Long> late -> new MoveOutcome.Unavailable(LATE);
            case RoomContext.Ended.Failed<Long> failed -> new MoveOutcome.Unavailable(context.unavailable());
        };
    }
}
