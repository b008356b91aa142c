package dev.waitingroom.testkit.visitors;

import java.time.Duration;

/**
 * How a crowd behaves. Shares are of all its visitors, 0..1, together at most 1. The other visitors wait for their turn and enter.
 *
 * @param visitors their number, at least 1
 * @param arrivalsPerSecond evenly spaced arrivals, above 0
 * @param absentShare visitors who join and never call again
 * @param sleeperShare visitors who poll a few times, are silent for {@code sleep}, and come back
 * @param leaverShare visitors who poll a few times and leave
 * @param sleep how long sleepers are silent
 * @param namedShare visitors who give a user_id; 0..1, independent of the other shares
 * @param admitShare visitors who ask to be admitted with their join; 0..1, independent of the other shares
 * @param keyed whether each visitor gives an idempotency key, so that a repeated join gets the same place
 * @param enters whether visitors enter when their turn comes; otherwise they go on polling
 * @param seed of all that is random
 */
public record Behaviour(
        int visitors,
        double arrivalsPerSecond,
        double absentShare,
        double sleeperShare,
        double leaverShare,
        Duration sleep,
        double namedShare,
        double admitShare,
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
        share("admitShare", admitShare);
        share("absentShare + sleeperShare + leaverShare", absentShare + sleeperShare + leaverShare);
    }

    /** All visitors wait and enter. */
    public static Behaviour patient(int visitors, double arrivalsPerSecond) {
        return new Behaviour(visitors, arrivalsPerSecond, 0, 0, 0, Duration.ZERO, 0, 0, true, true, 1);
    }

    public Behaviour withAbsent(double share) {
        return new Behaviour(
                visitors,
                arrivalsPerSecond,
                share,
                sleeperShare,
                leaverShare,
                sleep,
                namedShare,
                admitShare,
                keyed,
                enters,
                seed);
    }

    public Behaviour withSleepers(double share, Duration asleep) {
        return new Behaviour(
                visitors,
                arrivalsPerSecond,
                absentShare,
                share,
                leaverShare,
                asleep,
                namedShare,
                admitShare,
                keyed,
                enters,
                seed);
    }

    public Behaviour withLeavers(double share) {
        return new Behaviour(
                visitors,
                arrivalsPerSecond,
                absentShare,
                sleeperShare,
                share,
                sleep,
                namedShare,
                admitShare,
                keyed,
                enters,
                seed);
    }

    public Behaviour withNamed(double share) {
        return new Behaviour(
                visitors,
                arrivalsPerSecond,
                absentShare,
                sleeperShare,
                leaverShare,
                sleep,
                share,
                admitShare,
                keyed,
                enters,
                seed);
    }

    public Behaviour withAdmit(double share) {
        return new Behaviour(
                visitors,
                arrivalsPerSecond,
                absentShare,
                sleeperShare,
                leaverShare,
                sleep,
                namedShare,
                share,
                keyed,
                enters,
                seed);
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
                admitShare,
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
                admitShare,
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
                admitShare,
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
