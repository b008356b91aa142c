package dev.waitingroom.queue.store;

import dev.waitingroom.queue.line.TicketRange;
import java.util.List;
import java.util.Map;

/**
 * What a snapshot says besides the bits.
 *
 * @param comingMillionths how many of the called visitors come, in millionths
 * @param due called visitors who are here, or are still expected to come
 * @param losses how often Redis was found to have lost some of the line, since it last lost all of it
 * @param lostKey the name of the key that it lost last; empty for the end of the line
 * @param sessions active in a room with a cap
 * @param segments ranges of the segments that exist, each without its end
 * @param lost ranges that Redis lost, as long as they may be put back
 */
public record Header(
        long epoch,
        long sequence,
        Map<String, String> policy,
        long next,
        long horizon,
        long tatMicros,
        long tatFraction,
        long waiting,
        long joined,
        long granted,
        long left,
        long expired,
        long missed,
        long beatGeneration,
        long beatGenerationStartMicros,
        long beatGenerationMicros,
        long recoveringUntilMicros,
        int peers,
        long comingMillionths,
        long due,
        long losses,
        String lostKey,
        Sessions sessions,
        List<long[]> segments,
        List<TicketRange> lost) {

    /**
     * The sessions that Redis knows.
     *
     * @param active how many are active
     * @param fullUntilMillis until then the room counts as full, since Redis lost sessions; 0 if it lost none
     */
    public record Sessions(long active, long fullUntilMillis) {
        public static final Sessions NONE = new Sessions(0, 0);
    }
}
