package dev.waitingroom.queue.room;

import java.time.Duration;

/**
 * A room's figures, as its line's counters have them. Counters only grow, except that a line lost with every copy begins again at zero.
 *
 * @param generation the generation of the policy that is served, 0 for none
 * @param epoch the line's epoch, 0 for none
 * @param waiting visitors who wait
 * @param joined tickets issued
 * @param granted visitors admitted
 * @param left visitors who left
 * @param expired visitors removed after silence
 * @param missed visitors who missed their turn
 * @param active sessions that are active, in a room with a cap
 * @param losses how often this process found that Redis had lost some of the line
 * @param held admits that this process holds for a token
 * @param grantsPerSecond admissions a second over the last ten seconds
 * @param expectedWait of a visitor who joins now; zero if unknown
 * @param age of the snapshot
 */
public record RoomFigures(
        long generation,
        long epoch,
        long waiting,
        long joined,
        long granted,
        long left,
        long expired,
        long missed,
        long active,
        long losses,
        int held,
        double grantsPerSecond,
        Duration expectedWait,
        Duration age) {}
