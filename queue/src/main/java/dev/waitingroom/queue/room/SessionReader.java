package dev.waitingroom.queue.room;

import dev.waitingroom.queue.store.AdmissionScripts.ActiveSessions;
import dev.waitingroom.queue.store.Reply;
import java.util.Collections;

/** Reads once from Redis which sessions are active, those that run out first. Use it on the room's thread only. */
final class SessionReader {
    private final RoomContext context;
    private final SessionReplica sessions;
    private final Runnable whenRead;
    private long from;
    private boolean underWay;
    private boolean over;

    /** @param whenRead run once all is read */
    SessionReader(RoomContext context, SessionReplica sessions, Runnable whenRead) {
        this.context = context;
        this.sessions = sessions;
        this.whenRead = whenRead;
    }

    /**
     * Reads on, unless a call is in flight. After a failed call the next refresh comes here again.
     *
     * @param capped whether the room has a cap; otherwise there is nothing to read
     */
    void goOn(boolean capped) {
        if (over || underWay) {
            return;
        }
        if (!capped) {
            finish();
            return;
        }
        underWay = true;
        context.follow(context.scripts().activeSessions(from), ended -> {
            underWay = false;
            if (!over && ended instanceof RoomContext.Ended.Answered(Reply.Done(long now, ActiveSessions slice))) {
                read(slice);
            }
        });
    }

    void end() {
        over = true;
    }

    boolean over() {
        return over;
    }

    private void read(ActiveSessions slice) {
        sessions.learn(slice.sessions());
        if (slice.more()) {
            from = Collections.max(slice.sessions().values()); // sessions of the same time may follow
            goOn(true);
        } else {
            finish();
        }
    }

    private void finish() {
        over = true;
        whenRead.run();
    }
}
