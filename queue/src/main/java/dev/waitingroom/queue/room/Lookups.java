package dev.waitingroom.queue.room;

import dev.waitingroom.queue.redis.Reply;
import dev.waitingroom.queue.redis.RoomScripts;
import dev.waitingroom.queue.redis.RoomScripts.Standing;
import dev.waitingroom.queue.room.Fates.Fate;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * Asks Redis about tickets that should be in the line and are not in the copy: asleep, admitted before this process looked, or lost by
 * Redis and to be put back. On the room's loop only.
 */
final class Lookups {
    private static final int MOST_WAITING = 20_000;

    private final RoomLoop loop;
    private final LineKeeper line;
    private final LinkedHashSet<Long> waiting = new LinkedHashSet<>();
    private boolean underWay;

    Lookups(RoomLoop loop, LineKeeper line) {
        this.loop = loop;
        this.line = line;
    }

    /** Past the bound a ticket is dropped: its next poll asks again. */
    void add(long ticket) {
        if (waiting.size() < MOST_WAITING && waiting.add(ticket)) {
            send();
        }
    }

    void send() {
        if (underWay || waiting.isEmpty() || line.epochUnknown() || loop.outageKnown()) {
            return;
        }
        long[] tickets = waiting.stream()
                .limit(RoomScripts.BATCH_TICKETS)
                .mapToLong(Long::longValue)
                .toArray();
        underWay = true;
        loop.follow(loop.scripts().restore(loop.call(Duration.ofMillis(700)), tickets), ended -> {
            underWay = false;
            switch (ended) {
                case RoomLoop.Ended.Answered(Reply.Done(long now, List<Standing> standings)) -> {
                    for (int i = 0; i < tickets.length; i++) {
                        waiting.remove(tickets[i]);
                        learn(tickets[i], standings.get(i));
                    }
                    send();
                }
                case RoomLoop.Ended.Answered(Reply.StaleEpoch(long now, long epoch)) -> {
                    line.epochIs(epoch);
                    send();
                }
                default -> {} // the room's next refresh tries again
            }
        });
    }

    private void learn(long ticket, Standing standing) {
        switch (standing) {
            case Standing.Waits() -> {
                line.fates().forget(ticket);
                line.waiting(new long[] {ticket});
            }
            case Standing.Asleep() -> line.fates().learn(ticket, new Fate.Asleep());
            case Standing.Granted(long at) -> line.fates().learn(ticket, new Fate.Granted(at));
            case Standing.Gone() -> line.fates().learn(ticket, new Fate.Gone());
        }
    }
}
