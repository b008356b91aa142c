package dev.waitingroom.queue.room;

import dev.waitingroom.queue.redis.Reply;
import dev.waitingroom.queue.redis.RoomScripts;
import dev.waitingroom.queue.room.TicketOutcomes.Fate;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Gathers tickets that leave while the last batch is under way; a repeated leave does nothing. On the room's loop only. */
final class LeaveBatcher {
    private static final int MAX_WAITING = 20_000;
    private static final Duration RETRY = Duration.ofMillis(50);

    private record Pending(long ticket, CompletableFuture<LeaveOutcome> answer, long sinceNanos) {}

    private final RoomContext loop;
    private final LineReplica line;
    private final ArrayDeque<Pending> waiting = new ArrayDeque<>();
    private List<Pending> underWay = List.of();

    LeaveBatcher(RoomContext loop, LineReplica line) {
        this.loop = loop;
        this.line = line;
    }

    void add(long ticket, CompletableFuture<LeaveOutcome> answer) {
        if (loop.outageKnown()) {
            answer.complete(new LeaveOutcome.Unavailable(loop.unavailable()));
        } else if (waiting.size() >= MAX_WAITING) {
            answer.complete(new LeaveOutcome.Unavailable(new Unavailability(
                    Unavailability.Cause.OVERLOADED, MAX_WAITING + " leaves wait to be sent", Duration.ofSeconds(1))));
        } else {
            waiting.add(new Pending(ticket, answer, loop.nanoTime()));
            send();
        }
    }

    boolean idle() {
        return waiting.isEmpty() && underWay.isEmpty();
    }

    /** Answers those whose time is up, be it that their call is under way. */
    void expire() {
        long now = loop.nanoTime();
        waiting.removeIf(leave -> giveUp(leave, now));
        underWay.forEach(leave -> giveUp(leave, now));
        send();
    }

    private boolean giveUp(Pending leave, long now) {
        if (now - leave.sinceNanos < RoomContext.PATIENCE.toNanos()) {
            return false;
        }
        leave.answer.complete(new LeaveOutcome.Unavailable(loop.unavailable()));
        return true;
    }

    void close(Unavailability why) {
        waiting.forEach(leave -> leave.answer.complete(new LeaveOutcome.Unavailable(why)));
        waiting.clear();
    }

    /** The room was deleted, and every place with it. */
    void end() {
        underWay.forEach(leave -> leave.answer.complete(new LeaveOutcome.Left()));
        waiting.forEach(leave -> leave.answer.complete(new LeaveOutcome.Left()));
        waiting.clear();
    }

    private void send() {
        if (!underWay.isEmpty() || waiting.isEmpty() || line.epochUnknown()) {
            return;
        }
        List<Pending> batch = new ArrayList<>();
        while (batch.size() < RoomScripts.BATCH_TICKETS && !waiting.isEmpty()) {
            batch.add(waiting.remove());
        }
        underWay = batch;
        long[] tickets = batch.stream().mapToLong(Pending::ticket).toArray();
        loop.follow(loop.scripts().leave(loop.call(RoomContext.PATIENCE), tickets), ended -> {
            underWay = List.of();
            switch (ended) {
                case RoomContext.Ended.Answered(Reply.Done(long now, boolean[] held)) -> {
                    line.departed(tickets);
                    for (int i = 0; i < tickets.length; i++) {
                        if (held[i]) {
                            line.outcomes().learn(tickets[i], new Fate.Left());
                        }
                        batch.get(i).answer.complete(new LeaveOutcome.Left());
                    }
                    send();
                }
                case RoomContext.Ended.Answered(Reply.StaleEpoch(long now, long epoch)) -> {
                    line.epochIs(epoch);
                    again(batch);
                }
                case RoomContext.Ended.Answered(Reply.NoPolicy<boolean[]> none) ->
                    batch.forEach(leave -> leave.answer.complete(new LeaveOutcome.Unavailable(LineReplica.NO_POLICY)));
                case RoomContext.Ended.Answered(Reply.Late<boolean[]> late) -> again(batch);
                case RoomContext.Ended.Failed<boolean[]> failed -> again(batch);
            }
        });
    }

    private void again(List<Pending> batch) {
        batch.reversed().forEach(waiting::addFirst);
        loop.after(RETRY, this::expire);
    }
}
