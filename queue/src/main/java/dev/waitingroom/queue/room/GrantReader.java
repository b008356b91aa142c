package dev.waitingroom.queue.room;

import dev.waitingroom.queue.store.Change;
import dev.waitingroom.queue.store.Reply;
import dev.waitingroom.queue.store.RoomScripts;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Optional;

/**
 * Reads once from Redis which tickets were admitted before the journal begins for this process. It reads the latest pages first, and no
 * more than {@link TicketOutcomes} keeps. At the end it teaches what it read, the oldest first, so that the oldest is forgotten first.
 * Use it on the room's thread only.
 */
final class GrantReader {
    private final RoomContext context;
    private final TicketOutcomes outcomes;
    private final Runnable whenRead;
    private final ArrayDeque<Change.Granted> slices = new ArrayDeque<>();
    private Optional<long[]> pages = Optional.empty();
    private int unread;
    private int grants;
    private boolean underWay;
    private boolean over;

    /** @param whenRead run once all is taught */
    GrantReader(RoomContext context, TicketOutcomes outcomes, Runnable whenRead) {
        this.context = context;
        this.outcomes = outcomes;
        this.whenRead = whenRead;
    }

    /**
     * Reads on, unless a call is in flight. After a failed call the next refresh comes here again.
     *
     * @param sinceMillis older admissions have no valid reservation any more
     */
    void goOn(long sinceMillis) {
        if (over || underWay) {
            return;
        }
        if (pages.isEmpty()) {
            list(sinceMillis);
        } else if (unread == 0 || grants >= TicketOutcomes.CAPACITY) {
            end();
            whenRead.run();
        } else {
            read(pages.get(), sinceMillis);
        }
    }

    /** Teaches what was read so far, and ends. */
    void end() {
        over = true;
        slices.forEach(outcomes::learn);
        slices.clear();
    }

    private void list(long sinceMillis) {
        underWay = true;
        context.follow(context.scripts().grantPages(), ended -> {
            underWay = false;
            if (ended instanceof RoomContext.Ended.Answered(Reply.Done(long now, long[] latest))) {
                pages = Optional.of(latest);
                unread = latest.length;
                goOn(sinceMillis);
            }
        });
    }

    private void read(long[] all, long sinceMillis) {
        int from = Math.max(0, unread - RoomScripts.SLICE_PAGES);
        underWay = true;
        context.follow(context.scripts().grants(Arrays.copyOfRange(all, from, unread), sinceMillis), ended -> {
            underWay = false;
            if (!over && ended instanceof RoomContext.Ended.Answered(Reply.Done(long now, Change.Granted granted))) {
                slices.addFirst(granted);
                grants += granted.tickets().length;
                unread = from;
                goOn(sinceMillis);
            }
        });
    }
}
