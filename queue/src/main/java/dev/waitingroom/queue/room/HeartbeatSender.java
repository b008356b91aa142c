package dev.waitingroom.queue.room;

import dev.waitingroom.queue.store.Reply;
import dev.waitingroom.queue.store.RoomScripts;

/** Tells Redis who polled here, often enough for the slack of a generation. Use it on the room's thread only. */
final class HeartbeatSender {
    private static final long MIN_PERIOD_NANOS = 100_000_000;
    private static final long MAX_PERIOD_NANOS = 2_000_000_000;

    private final RoomContext context;
    private final LineReplica line;
    private final Heartbeats heartbeats;
    private boolean sending;
    private long sentNanos;

    HeartbeatSender(RoomContext context, LineReplica line, Heartbeats heartbeats) {
        this.context = context;
        this.line = line;
        this.heartbeats = heartbeats;
        this.sentNanos = context.nanoTime();
    }

    /** Sends heartbeats if they are due. */
    void send() {
        send(false);
    }

    /** Sends all heartbeats now, whether they are due or not. */
    void flush() {
        send(true);
    }

    private void send(boolean flush) {
        // While Redis is unreachable, nothing is sent: when it answers, the generation may be over, and Redis drops its
        // beats.
        if (sending || line.epochUnknown() || context.failing()) {
            return;
        }
        long period = Math.clamp(line.view().policy().ttl().toNanos() / 40, MIN_PERIOD_NANOS, MAX_PERIOD_NANOS);
        if (!flush && context.nanoTime() - sentNanos < period) {
            return;
        }
        Heartbeats.Beat beat = heartbeats.take();
        if (beat.segments().isEmpty()) {
            sentNanos = context.nanoTime();
            return;
        }
        sending = true;
        context.follow(
                context.scripts().beat(context.call(RoomScripts.CALL_TIMEOUT), beat.generation(), beat.segments()),
                ended -> {
                    sending = false;
                    if (ended instanceof RoomContext.Ended.Answered(Reply.Done<Void> done)) {
                        send(flush);
                    } else {
                        heartbeats.giveBack(beat);
                    }
                });
    }
}
