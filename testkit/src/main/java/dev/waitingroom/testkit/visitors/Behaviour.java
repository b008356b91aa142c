package dev.waitingroom.testkit.visitors;

import java.time.Duration;

/**
 * How a crowd behaves. Shares are of all its visitors, 0..1, and together at most 1; the rest wait their turn and enter.
 *
 * @param visitors how many come, at least 1
 * @param arrivalsPerSecond how many come a second, evenly, above 0
 * @param absentShare those who join and are never seen again
 * @param sleeperShare those who poll a few times, are silent for {@code sleep}, and come back
 * @param leaverShare those who poll a few times and leave
 * @param sleep how long the sleepers sleep
 * @param namedShare those who give a user_id, 0..1 on its own
 * @param keyed whether each gives a key of their own, so that who asks again finds the place that they have
 * @param enters whether those whose turn comes enter; otherwise they poll on
 * @param seed what is random follows from it
 */
public record Behaviour(
        int visitors,
        double arrivalsPerSecond,
        double absentShare,
        double sleeperShare,
        double leaverShare,
        Duration sleep,
        double namedShare,
        boolean keyed,
        boolean enters,
        long seed) {
    public Behaviour {
        if (visitors < 1) {
            throw new IllegalArgumentException("visitors must be at least 1, not " + visitors);
        }
        if (!(arrivalsPerSecond > 0)) {
            throw new IllegalArgumentException("arrivalsPerSecond must be above 0, not " + arrivalsPerSecond);
        }
        share("absentShare", absentShare);
        share("sleeperShare", sleeperShare);
        share("leaverShare", leaverShare);
        share("namedShare", namedShare);
        share("absentShare + sleeperShare + leaverShare", absentShare + sleeperShare + leaverShare);
    }

    /** Everyone waits and enters. */
    public static Behaviour patient(int visitors, double arrivalsPerSecond) {
        return new Behaviour(visitors, arrivalsPerSecond, 0, 0, 0, Duration.ZERO, 0, true, true, 1);
    }

    public Behaviour withAbsent(double share) {
        return new Behaviour(
                visitors, arrivalsPerSecond, share, sleeperShare, leaverShare, sleep, namedShare, keyed, enters, seed);
    }

    public Behaviour withSleepers(double share, Duration asleep) {
        return new Behaviour(
                visitors, arrivalsPerSecond, absentShare, share, leaverShare, asleep, namedShare, keyed, enters, seed);
    }

    public Behaviour withLeavers(double share) {
        return new Behaviour(
                visitors, arrivalsPerSecond, absentShare, sleeperShare, share, sleep, namedShare, keyed, enters, seed);
    }

    public Behaviour withNamed(double share) {
        return new Behaviour(
                visitors, arrivalsPerSecond, absentShare, sleeperShare, leaverShare, sleep, share, keyed, enters, seed);
    }

    public Behaviour withoutKeys() {
        return new Behaviour(
                visitors,
                arrivalsPerSecond,
                absentShare,
                sleeperShare,
                leaverShare,
                sleep,
                namedShare,
                false,
                enters,
                seed);
    }

    public Behaviour onlyWaiting() {
        return new Behaviour(
                visitors,
                arrivalsPerSecond,
                absentShare,
                sleeperShare,
                leaverShare,
                sleep,
                namedShare,
                keyed,
                false,
                seed);
    }

    public Behaviour withSeed(long another) {
        return new Behaviour(
                visitors,
                arrivalsPerSecond,
                absentShare,
                sleeperShare,
                leaverShare,
                sleep,
                namedShare,
                keyed,
                enters,
                another);
    }

    private static void share(String field, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException(field + " must be 0..1, not " + value);
        }
    }
}
