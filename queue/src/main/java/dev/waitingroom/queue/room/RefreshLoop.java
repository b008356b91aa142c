package dev.waitingroom.queue.room;

import dev.waitingroom.queue.store.Reply;
import dev.waitingroom.queue.store.RoomScripts;
import dev.waitingroom.queue.store.RoomScripts.Present;
import dev.waitingroom.queue.store.RoomScripts.TickReply;
import dev.waitingroom.queue.store.SnapshotReply;
import java.time.Duration;
import java.util.function.LongConsumer;

/**
 * Refreshes the replica: ten times a second while the room is in use, once a second otherwise. Each refresh also ticks the line and sends
 * heartbeats. Use it on the room's thread only, except for {@link #used} and {@link #stop}.
 */
final class RefreshLoop {
    private static final Duration PERIOD = Duration.ofMillis(100);
    private static final Duration IDLE_PERIOD = Duration.ofSeconds(1);
    private static final Duration RETRY_DELAY = Duration.ofMillis(200);
    private static final Duration REPEAT_DELAY = Duration.ofMillis(5);

    /** The room counts as in use for this long after a call. */
    private static final Duration USED_FOR = Duration.ofSeconds(5);

    private final RoomContext context;
    private final LineReplica line;
    private final TicketStandings standings;
    private final HeartbeatSender heartbeats;
    private final LongConsumer refreshed;

    private volatile long usedNanos;
    private volatile boolean stopped;
    private boolean refreshing;
    private boolean again;
    private long number;

    /** @param refreshed is told after each complete refresh when that refresh began, ns */
    RefreshLoop(
            RoomContext context,
            LineReplica line,
            TicketStandings standings,
            HeartbeatSender heartbeats,
            LongConsumer refreshed) {
        this.context = context;
        this.line = line;
        this.standings = standings;
        this.heartbeats = heartbeats;
        this.refreshed = refreshed;
        this.usedNanos = context.nanoTime();
    }

    /** Somebody calls the room. */
    void used() {
        usedNanos = context.nanoTime();
    }

    void stop() {
        stopped = true;
    }

    /** Refreshes now, or again once the refresh under way is done. */
    void refreshNow() {
        if (stopped) {
            return;
        }
        if (refreshing) {
            again = true;
            return;
        }
        refreshing = true;
        long began = context.nanoTime();
        if (!line.epochUnknown()) {
            tick();
        }
        ask(began);
        heartbeats.send();
    }

    private void ask(long began) {
        SnapshotAssembler.Query query = line.query();
        context.follow(context.scripts().snapshot(query.epoch(), query.sequence(), query.fromSegment()), ended -> {
            if (stopped) {
                return;
            }
            switch (ended) {
                case RoomContext.Ended.Answered<SnapshotReply>(Reply<SnapshotReply> reply) -> {
                    if (line.read(reply)) {
                        ask(began);
                    } else {
                        line.published().ifPresent(standings::follow);
                        refreshed.accept(began);
                        refreshLater(inUse() ? PERIOD : IDLE_PERIOD);
                    }
                }
                case RoomContext.Ended.Failed<SnapshotReply> failed -> refreshLater(RETRY_DELAY);
            }
        });
    }

    private boolean inUse() {
        return context.nanoTime() - usedNanos < USED_FOR.toNanos()
                || line.recovering()
                || line.published().filter(view -> view.header().waiting() > 0).isPresent();
    }

    private void refreshLater(Duration delay) {
        refreshing = false;
        long mine = ++number;
        if (again) {
            again = false;
            context.after(REPEAT_DELAY, () -> refreshIf(mine));
        } else {
            context.after(delay, () -> refreshIf(mine));
        }
    }

    /** Refreshes unless another refresh came in between. */
    private void refreshIf(long expected) {
        if (expected == number && !refreshing) {
            refreshNow();
        }
    }

    private void tick() {
        Present present = standings.present();
        context.follow(
                context.scripts().tick(context.call(RoomScripts.CALL_TIMEOUT), present),
                ended -> ticked(present, ended));
    }

    private void ticked(Present present, RoomContext.Ended<TickReply> ended) {
        switch (ended) {
            case RoomContext.Ended.Answered(Reply.Done(long now, TickReply reply)) -> {
                line.promises().told(present, reply);
                if (reply.more() && !stopped) {
                    tick();
                }
            }
            case RoomContext.Ended.Answered(Reply.StaleEpoch(long now, long epoch)) -> line.epochIs(epoch);
            default -> {} // the next tick repeats it
        }
    }
}
