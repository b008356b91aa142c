package dev.waitingroom.queue.room;

import dev.waitingroom.queue.room.TicketOutcomes.Outcome;
import dev.waitingroom.queue.store.Reply;
import dev.waitingroom.queue.store.RoomScripts;
import dev.waitingroom.queue.store.RoomScripts.Call;
import dev.waitingroom.queue.store.RoomScripts.Standing;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Asks Redis about tickets that the replica lacks: asleep, admitted before this process started, or lost by Redis and to be put back. A
 * ticket is asked about until Redis has answered. After a failure, the room's next refresh sends again.
 */
final class RestoreBatcher extends Batcher<Long, List<Standing>> {
    private final Map<Long, CompletableFuture<Void>> waiting = new LinkedHashMap<>();

    RestoreBatcher(RoomContext context, LineReplica line) {
        super(context, line);
    }

    /**
     * Asks about a ticket. Above the capacity it is dropped: its next poll asks again.
     *
     * @return done when Redis has answered, or will not in time
     */
    CompletionStage<Void> add(long ticket) {
        CompletableFuture<Void> known = waiting.get(ticket);
        if (known != null) {
            return known;
        }
        CompletableFuture<Void> answered = new CompletableFuture<>();
        if (waiting.size() >= CAPACITY) {
            answered.complete(null);
            return answered;
        }
        waiting.put(ticket, answered);
        context.after(RoomContext.PATIENCE, () -> answered.complete(null));
        send();
        return answered;
    }

    @Override
    boolean maySend() {
        return !context.outageKnown();
    }

    @Override
    Duration callTimeout() {
        return RoomScripts.CALL_TIMEOUT;
    }

    @Override
    List<Long> nextBatch() {
        return waiting.keySet().stream().limit(RoomScripts.BATCH_TICKETS).toList();
    }

    @Override
    CompletionStage<Reply<List<Standing>>> call(Call fence, List<Long> batch) {
        return context.scripts()
                .restore(fence, batch.stream().mapToLong(Long::longValue).toArray());
    }

    @Override
    boolean done(List<Long> batch, List<Standing> standings, long nowMicros) {
        for (int i = 0; i < batch.size(); i++) {
            learn(batch.get(i), standings.get(i), nowMicros);
        }
        return standings.stream()
                .noneMatch(Standing.NotKnown.class::isInstance); // those are asked about at the next refresh
    }

    @Override
    void refuse(List<Long> batch, Unavailability why) {}

    @Override
    void late() {
        release();
    }

    @Override
    void failed() {
        release();
    }

    private void learn(long ticket, Standing standing, long nowMicros) {
        if (standing instanceof Standing.NotKnown) {
            return;
        }
        CompletableFuture<Void> answered = waiting.remove(ticket);
        switch (standing) {
            case Standing.NotKnown() -> {}
            case Standing.Waits() when readSince(nowMicros) -> {} // the replica has it, or knows that it is over
            case Standing.Asleep() when readSince(nowMicros) -> {} // its turn may be over: its next poll asks again
            case Standing.Waits() -> {
                line.admissions().outcomes().forget(ticket);
                line.waiting(new long[] {ticket});
            }
            case Standing.Asleep() -> line.admissions().outcomes().learn(ticket, new Outcome.Asleep());
            case Standing.Granted(long at) -> line.admissions().outcomes().learn(ticket, new Outcome.Granted(at));
            case Standing.Gone() -> line.admissions().outcomes().learn(ticket, new Outcome.Gone());
            case Standing.Unknown() -> {} // its next poll asks again
        }
        if (answered != null) {
            answered.complete(null);
        }
    }

    /** Whether the line was read later than this, Redis' clock in µs: what Redis said then may be over. */
    private boolean readSince(long micros) {
        return line.published().filter(view -> view.asOfMicros() > micros).isPresent();
    }
}
