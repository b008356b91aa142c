package dev.waitingroom.queue.room;

import dev.waitingroom.queue.room.SessionBatcher.SessionUse;
import dev.waitingroom.queue.room.TicketOutcomes.Outcome;
import dev.waitingroom.queue.store.Reply;
import dev.waitingroom.queue.store.RoomScripts.Call;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Batches of sessions to renew and to end, in a room with a cap. Both may be repeated. */
final class SessionBatcher extends QueueBatcher<SessionUse, SessionOutcome, long[]> {
    /** @param ends whether the session ends; otherwise it was used */
    record SessionUse(long ticket, boolean ends) {}

    SessionBatcher(RoomContext context, LineReplica line) {
        super(context, line);
    }

    @Override
    String entries() {
        return "sessions";
    }

    @Override
    SessionOutcome unavailable(Unavailability why) {
        return new SessionOutcome.Unavailable(why);
    }

    /** Every session went with the room. */
    @Override
    SessionOutcome deleted() {
        return new SessionOutcome.Over();
    }

    @Override
    CompletionStage<Reply<long[]>> call(Call fence, List<Pending<SessionUse, SessionOutcome>> batch) {
        return context.scripts().sessions(fence, tickets(batch, false), tickets(batch, true));
    }

    @Override
    boolean done(List<Pending<SessionUse, SessionOutcome>> batch, long[] over, long nowMicros) {
        int next = 0;
        for (Pending<SessionUse, SessionOutcome> one : batch) {
            long ticket = one.entry().ticket();
            SessionOutcome outcome;
            if (one.entry().ends()) {
                outcome = over(ticket);
            } else if (over.length == 0) { // the cap was removed since this process read the policy
                outcome = new SessionOutcome.Uncounted();
            } else {
                outcome = used(ticket, over[next++]);
            }
            one.answer().complete(outcome);
        }
        return true;
    }

    private SessionOutcome used(long ticket, long overMillis) {
        if (overMillis == 0) {
            return over(ticket);
        }
        line.admissions().sessions().lastsUntil(ticket, overMillis);
        return new SessionOutcome.Active(Instant.ofEpochMilli(overMillis));
    }

    private SessionOutcome over(long ticket) {
        line.admissions().outcomes().learn(ticket, new Outcome.Ended());
        line.admissions().sessions().end(ticket);
        return new SessionOutcome.Over();
    }

    private static long[] tickets(List<Pending<SessionUse, SessionOutcome>> batch, boolean ends) {
        return batch.stream()
                .map(Pending::entry)
                .filter(use -> use.ends() == ends)
                .mapToLong(SessionUse::ticket)
                .toArray();
    }
}
