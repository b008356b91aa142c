package dev.waitingroom.queue.room;

import dev.waitingroom.queue.policy.Policy;
import dev.waitingroom.queue.policy.SessionCap;
import dev.waitingroom.queue.room.SessionBatcher.SessionUse;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Renews and ends sessions in Redis, and answers from this process's copy where that is enough. */
final class LiveSessions implements RoomSessions {
    private final RoomContext context;
    private final LineReplica line;
    private final RoomBatches batches;
    private final RoomLifecycle lifecycle;

    LiveSessions(RoomContext context, LineReplica line, RoomBatches batches, RoomLifecycle lifecycle) {
        this.context = context;
        this.line = line;
        this.batches = batches;
        this.lifecycle = lifecycle;
    }

    @Override
    public CompletionStage<SessionOutcome> renew(long ticket, Instant until) {
        Optional<Policy> policy = line.published().map(RoomSnapshot::policy);
        if (policy.isPresent() && policy.get().cap().isEmpty()) {
            return CompletableFuture.completedFuture(new SessionOutcome.Uncounted());
        }
        long known = line.admissions().sessions().over(ticket);
        CompletionStage<SessionOutcome> active =
                CompletableFuture.completedFuture(new SessionOutcome.Active(Instant.ofEpochMilli(known)));
        if (policy.flatMap(Policy::cap).filter(cap -> isFresh(known, cap)).isPresent()) {
            return active;
        }
        CompletionStage<SessionOutcome> asked = ask(new SessionUse(ticket, false));
        return known > until.toEpochMilli() ? active : asked;
    }

    /** Whether the session that runs out then was used a moment ago. */
    private boolean isFresh(long overMillis, SessionCap cap) {
        long nowMillis = context.clock().micros() / 1_000;
        return overMillis >= nowMillis + cap.sessionTtl().toMillis() / 10 * 9;
    }

    @Override
    public CompletionStage<SessionOutcome> end(long ticket) {
        return ended(ticket)
                ? CompletableFuture.completedFuture(new SessionOutcome.Over())
                : ask(new SessionUse(ticket, true));
    }

    @Override
    public boolean ended(long ticket) {
        return line.admissions().outcomes().ended(ticket);
    }

    private CompletionStage<SessionOutcome> ask(SessionUse use) {
        CompletableFuture<SessionOutcome> answer = new CompletableFuture<>();
        lifecycle.whileServed(
                () -> batches.session(use, answer),
                () -> answer.complete(
                        lifecycle.deleted()
                                ? new SessionOutcome.Over()
                                : new SessionOutcome.Unavailable(lifecycle.notServed())));
        return answer;
    }
}
