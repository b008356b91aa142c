package dev.waitingroom.queue.room;

import dev.waitingroom.queue.LogKeys;
import dev.waitingroom.queue.RoomId;
import dev.waitingroom.queue.store.QueueRedisException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs once that Redis does not serve a room, and once that it does again. The second is logged after a time without failures, since a
 * Redis that refuses writes and serves reads does both by turns. Use it on the room's thread only.
 */
final class OutageReporter {
    static final Duration QUIET = Duration.ofSeconds(2);

    private static final Logger LOGGER = LoggerFactory.getLogger(OutageReporter.class);

    private final RoomId id;
    private final String eventId;
    private boolean open;
    private long firstNanos;
    private long lastNanos;

    OutageReporter(RoomId id, String eventId) {
        this.id = id;
        this.eventId = eventId;
    }

    /** A call failed. Returns whether that was logged. */
    boolean failed(QueueRedisException why, long nowNanos) {
        lastNanos = nowNanos;
        if (open) {
            return false;
        }
        open = true;
        firstNanos = nowNanos;
        LOGGER.atWarn()
                .addKeyValue(LogKeys.EVENT_ID, eventId)
                .addKeyValue(LogKeys.ROOM, id)
                .addKeyValue(LogKeys.CAUSE, why.fault().reason())
                .addKeyValue(LogKeys.DETAIL, why.getMessage())
                .log("Redis does not serve the room");
        return true;
    }

    /** A call was answered. Returns whether that ended an outage. */
    boolean answered(long nowNanos) {
        if (!open || nowNanos - lastNanos < QUIET.toNanos()) {
            return false;
        }
        open = false;
        LOGGER.atInfo()
                .addKeyValue(LogKeys.EVENT_ID, eventId)
                .addKeyValue(LogKeys.ROOM, id)
                .addKeyValue(LogKeys.OUTAGE_MILLIS, (lastNanos - firstNanos) / 1_000_000)
                .log("Redis serves the room again");
        return true;
    }
}
