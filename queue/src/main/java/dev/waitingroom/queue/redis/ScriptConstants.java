package dev.waitingroom.queue.redis;

import dev.waitingroom.queue.line.LineLayout;
import dev.waitingroom.queue.policy.PollInterval;
import dev.waitingroom.queue.store.GatewayScripts;
import dev.waitingroom.queue.store.RoomScripts;
import java.util.Locale;

/** The numbers that Java and the scripts share, as a part that scripts are composed with. */
final class ScriptConstants {
    /** The name by which a script needs them. */
    static final String PART = "constants";

    /** Statuses that a room script's reply begins with. */
    static final int DONE = 0;

    static final int LATE = 1;
    static final int STALE_EPOCH = 2;
    static final int NO_POLICY = 3;

    /** What {@code join.lua} answers in place of a ticket. */
    static final int TICKET_REJECTED = 0;

    static final int TICKET_FULL = 1;

    /** The part's source. */
    static final String SOURCE = constant("DONE", DONE)
            + constant("LATE", LATE)
            + constant("STALE_EPOCH", STALE_EPOCH)
            + constant("NO_POLICY", NO_POLICY)
            + constant("TICKET_REJECTED", TICKET_REJECTED)
            + constant("TICKET_FULL", TICKET_FULL)
            + constant("SEGMENT", LineLayout.SEGMENT_TICKETS)
            + constant("SEGMENT_BYTES", LineLayout.SEGMENT_BYTES)
            + constant("SLICE", RoomScripts.SLICE_SEGMENTS)
            + constant("PAGE", LineLayout.PAGE_TICKETS)
            + constant("EPOCH_GAP", LineLayout.EPOCH_GAP)
            + constant("NUMBERS_PER_SECOND", LineLayout.NUMBERS_PER_SECOND)
            + constant("VISITOR_HASH_BYTES", RoomScripts.VISITOR_HASH_BYTES)
            + constant("MAX_POLL_SECONDS", PollInterval.MAX.toSeconds())
            + constant("POLLS_PER_TTL", PollInterval.POLLS_PER_TTL)
            + constant("POLLS_PER_TURN", PollInterval.POLLS_PER_TURN)
            + constant("POLL_JITTER_PERCENT", PollInterval.JITTER_PERCENT)
            + constant("DEVICES_KEPT_MILLIS", RoomScripts.DEVICES_KEPT.toMillis())
            + constant("SLICE_DEVICES", RoomScripts.SLICE_DEVICES)
            + constant("DELETED_KNOWN_MILLIS", GatewayScripts.DELETED_KNOWN.toMillis());

    private ScriptConstants() {}

    private static String constant(String name, long value) {
        return String.format(Locale.ROOT, "local %s = %d\n", name, value);
    }
}
