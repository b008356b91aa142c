package dev.waitingroom.gateway.session;

import dev.waitingroom.queue.room.Room;
import dev.waitingroom.queue.room.SessionOutcome;
import dev.waitingroom.queue.site.SessionRules;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * The renewal of the session that a request came with. In a room with {@code maxActive} Redis must keep the place first. It is asked while the
 * service answers; if it has not answered by then, a later request renews the session.
 */
public final class DueRenewal {
    private final SessionRules rules;
    private final SessionIssuer sessions;
    private final Optional<Session> due;
    private final Optional<CompletionStage<SessionOutcome>> asked;

    /** @param session that the request came with, if any */
    public DueRenewal(Room room, SessionRules rules, Optional<Session> session, SessionIssuer sessions) {
        this.rules = rules;
        this.sessions = sessions;
        this.due = session.filter(known -> sessions.isDue(known, rules));
        this.asked = due.flatMap(known -> SessionPlaces.renew(room, known));
    }

    /** Done when Redis has answered, or after this time. Empty if there is nothing to wait for. */
    public Optional<CompletableFuture<Boolean>> pending(Duration limit) {
        return asked.map(CompletionStage::toCompletableFuture)
                .filter(answer -> !answer.isDone())
                .map(answer -> answer.thenApply(any -> true)
                        .completeOnTimeout(false, limit.toMillis(), TimeUnit.MILLISECONDS));
    }

    /** The cookie of the renewed session. Empty if none is due, or its place is not kept. */
    public Optional<String> cookie(boolean secure) {
        return due.flatMap(known -> until().map(until -> sessions.renew(known, until, secure)));
    }

    private Optional<Instant> until() {
        if (asked.isEmpty()) {
            return Optional.of(sessions.now().plus(rules.lasts()));
        }
        return switch (asked.get().toCompletableFuture().getNow(new SessionOutcome.Over())) {
            case SessionOutcome.Active(Instant until) -> Optional.of(until);
            case SessionOutcome.Uncounted _ -> Optional.of(sessions.now().plus(rules.lasts()));
            case SessionOutcome.Over _, SessionOutcome.Unavailable _ -> Optional.empty();
        };
    }
}
