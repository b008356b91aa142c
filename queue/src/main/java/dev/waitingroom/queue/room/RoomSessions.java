package dev.waitingroom.queue.room;

import java.time.Instant;
import java.util.concurrent.CompletionStage;

/** The active sessions of a room with a cap. Thread-safe; never blocks. Its stages end as those of {@link Room} do. */
public interface RoomSessions {
    /**
     * A session was used: it lasts for its whole time from now on. Redis is asked only when a tenth of that time has passed. What an
     * earlier use achieved is answered at once.
     *
     * @param until when the session runs out, as far as its visitor knows
     */
    CompletionStage<SessionOutcome> renew(long ticket, Instant until);

    /** Ends a session. Its place is free at once, and the ticket's admission cannot be repeated. */
    CompletionStage<SessionOutcome> end(long ticket);

    /** Whether the ticket's session has ended, as far as this process knows. From memory alone. */
    boolean ended(long ticket);
}
