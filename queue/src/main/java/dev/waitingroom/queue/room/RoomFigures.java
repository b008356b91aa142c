package dev.waitingroom.queue.room;

import java.time.Duration;

/**
 * A room in numbers, as its line's counters have them. Counters begin at the room's first day and only grow, except that a line
 * lost altogether (every copy too) begins again at zero.
 *
 * @param generation the policy's generation that is served, 0 for none
 * @param epoch the line's epoch, 0 for none
 * @param waiting how many wait
 * @param joined tickets handed out
 * @param granted visitors admitted
 * @param left visitors who left
 * @param expired visitors lost to silence
 * @param missed visitors whose turn ran out
 * @param losses how often this process found that Redis had lost some of the line
 * @param held admits that this process holds for a token
 * @param grantsPerSecond admissions a second over the last ten seconds
 * @param expectedWait of one who joined now; zero where unknown
 * @param age how old the snapshot is
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
        long losses,
        int held,
        double grantsPerSecond,
        Duration expectedWait,
        Duration age) {}
