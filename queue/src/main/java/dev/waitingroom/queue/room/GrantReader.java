package dev.waitingroom.queue.room;

import dev.waitingroom.queue.store.Change;
import dev.waitingroom.queue.store.Reply;
import dev.waitingroom.queue.store.RoomScripts;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Optional;

/**
 * Learns once from Redis who was admitted before the journal told this process: the latest pages first, and no more than {@link TicketOutcomes}
 * keeps. What was read is taught at the end, the oldest first, so that it is the oldest that is forgotten first. On the room's loop only.
 */
final class GrantReader {
    private final RoomContext loop;
    private final TicketOutcomes fates;
    private final Runnable whenRead;
    private final ArrayDeque<Change.Granted> slices = new ArrayDeque<>();
    private Optional<long[]> pages = Optional.empty();
    private int unread;
    private int grants;
    private boolean underWay;
    private boolean over;

    /** @param whenRead run once all is taught */
    GrantReader(RoomContext loop, TicketOutcomes fates, Runnable whenRead) {
        this.loop = loop;
        this.fates = fates;
        this.whenRead = whenRead;
    }

    /**
     * Asks for what is missing, unless it is being asked for. A call that fails is made again by the next refresh, which comes here too.
     *
     * @param sinceMillis older grants are of no use to anyone
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

    /** Teaches what was read, be it all or not. */
    void end() {
        over = true;
        slices.forEach(fates::learn);
        slices.clear();
    }

    private void list(long sinceMillis) {
        underWay = true;
        loop.follow(loop.scripts().grantPages(), ended -> {
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
        loop.follow(loop.scripts().grants(Arrays.copyOfRange(all, from, unread), sinceMillis), ended -> {
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
