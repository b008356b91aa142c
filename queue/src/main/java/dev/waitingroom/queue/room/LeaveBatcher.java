package dev.waitingroom.queue.room;

import dev.waitingroom.queue.room.TicketOutcomes.Outcome;
import dev.waitingroom.queue.store.Reply;
import dev.waitingroom.queue.store.RoomScripts.Call;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Batches of tickets that leave. A repeated leave does nothing. */
final class LeaveBatcher extends QueueBatcher<Long, LeaveOutcome, boolean[]> {
    LeaveBatcher(RoomContext context, LineReplica line) {
        super(context, line);
    }

    @Override
    String entries() {
        return "leaves";
    }

    @Override
    LeaveOutcome unavailable(Unavailability why) {
        return new LeaveOutcome.Unavailable(why);
    }

    /** Every place went with the room. */
    @Override
    LeaveOutcome deleted() {
        return new LeaveOutcome.Left();
    }

    @Override
    CompletionStage<Reply<boolean[]>> call(Call fence, List<Pending<Long, LeaveOutcome>> batch) {
        return context.scripts().leave(fence, tickets(batch));
    }

    @Override
    boolean done(List<Pending<Long, LeaveOutcome>> batch, boolean[] held, long nowMicros) {
        long[] tickets = tickets(batch);
        line.departed(tickets);
        for (int i = 0; i < tickets.length; i++) {
            if (held[i]) {
                line.admissions().outcomes().learn(tickets[i], new Outcome.Left());
            }
            batch.get(i).answer().complete(new LeaveOutcome.Left());
        }
        return true;
    }

    private static long[] tickets(List<Pending<Long, LeaveOutcome>> batch) {
        return batch.stream().mapToLong(Pending::entry).toArray();
    }
}
