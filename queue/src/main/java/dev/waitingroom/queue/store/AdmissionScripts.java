package dev.waitingroom.queue.store;

import java.util.Map;
import java.util.concurrent.CompletionStage;

/** The scripts about visitors who were admitted: who they are, and whose session is active. */
public interface AdmissionScripts {
    /** The most pages of admitted tickets that one call reads. */
    int SLICE_PAGES = 16;

    /** The pages of admitted tickets that were last written to, the latest last. At most 1,024. Serves a caller of any epoch. */
    CompletionStage<Reply<long[]>> grantPages();

    /**
     * Tickets that were admitted, in the order of the pages. Serves a caller of any epoch.
     *
     * @param pages at most {@link #SLICE_PAGES}; one that has expired since is empty
     * @param sinceMillis Redis' clock, ms: earlier admissions are left out
     */
    CompletionStage<Reply<Change.Granted>> grants(long[] pages, long sinceMillis);

    /**
     * Renews sessions that were used, and ends others, in a room with a cap. At most {@link RoomScripts#BATCH_TICKETS} of each. Repeatable.
     *
     * @return when each session that was used runs out now (Redis' clock, ms), in order; 0 if it is over. Empty in a room without a cap
     */
    CompletionStage<Reply<long[]>> sessions(RoomScripts.Call call, long[] used, long[] ended);

    /**
     * A slice of the active sessions.
     *
     * @param sessions when each ticket's session runs out, ms
     * @param more whether there are later ones
     */
    record ActiveSessions(Map<Long, Long> sessions, boolean more) {}

    /**
     * Reads active sessions, those that run out first. Serves a caller of any epoch.
     *
     * @param sinceMillis sessions that run out earlier are left out
     */
    CompletionStage<Reply<ActiveSessions>> activeSessions(long sinceMillis);
}
