package dev.waitingroom.queue.room;

import dev.waitingroom.queue.store.RoomScripts;
import dev.waitingroom.queue.store.RoomScripts.Present;
import dev.waitingroom.queue.store.RoomScripts.TickReply;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongPredicate;
import java.util.stream.LongStream;

/**
 * Called visitors who are here, and the promises that they may enter.
 *
 * <p>Nobody knows which called visitors come, and when; after a stall all come at once. So {@code ready_for_entry} is told to no more
 * visitors than can be admitted while an admit is held, the lowest tickets first. A promise counts until the admit is answered, or for a
 * second if no admit comes. After that second the visitor takes up no token, and the promise stays valid. The promises of other gateway
 * processes are known as of the last tick. Until the next tick, each process promises no more than its share.
 *
 * <p>{@link #mayEnter} and {@link #promised} are for any thread, the rest for the room's thread.
 */
final class EntryPromises {
    /** A visitor is here for this long after a poll, even if the next poll is due earlier. */
    static final Duration HERE = Duration.ofSeconds(3);

    /** A poll may come this much later than told, from a visitor who is here. */
    static final Duration LATE = Duration.ofSeconds(2);

    /** An admit follows its promise by a round trip. */
    static final Duration PROMISED = Duration.ofSeconds(1);

    /** A process without visitors has at least this share, so that a division by it stays finite. */
    private static final double LEAST_SHARE = 0.01;

    /**
     * A called visitor who is here.
     *
     * @param hereUntilNanos when they count as gone, unless they poll again
     * @param promised whether they were told that they may enter, at {@code promisedNanos}
     * @param held whether an admit is held for a token
     */
    private record Arrival(long hereUntilNanos, boolean promised, long promisedNanos, boolean held) {
        Arrival hereUntil(long nanos) {
            return new Arrival(Math.max(nanos, hereUntilNanos), promised, promisedNanos, held);
        }

        /** Whether a token is set aside for this visitor. */
        boolean counts(long nowNanos) {
            return held || (promised && nowNanos - promisedNanos < PROMISED.toNanos());
        }
    }

    /**
     * The other processes, as of the last tick.
     *
     * @param promisedElsewhere promises through other gateway processes
     * @param share the part of all visitors here that is here through this process, 0..1
     * @param lowest the lowest ticket that waits for a promise, through any process; 0 for none
     */
    private record Others(int promisedElsewhere, double share, long lowest) {}

    private final ConcurrentHashMap<Long, Arrival> arrivals = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<Long> news = new ConcurrentLinkedQueue<>();
    private final Set<Long> untold = new LinkedHashSet<>();
    private final AtomicInteger promised = new AtomicInteger();
    private volatile long[] unpromised = new long[0];
    private volatile Others others = new Others(0, 1, 0);

    /**
     * The visitor of a called ticket polled.
     *
     * @param grants how many admits can be granted while they are held; may be a fraction
     * @return whether an admit would be granted
     */
    boolean mayEnter(long ticket, double grants, long nowNanos) {
        return arrivals.compute(ticket, (same, before) -> {
                    if (before == null) {
                        news.add(ticket);
                    } else if (before.promised) {
                        return before.hereUntil(hereUntil(nowNanos));
                    }
                    boolean now = fits(ticket, grants);
                    if (now) {
                        promised.incrementAndGet();
                    }
                    return new Arrival(hereUntil(nowNanos), now, nowNanos, false);
                })
                .promised;
    }

    /** The visitor of this ticket was told to poll again after this time. They count as here until then. */
    void expect(long ticket, Duration pollAfter, long nowNanos) {
        arrivals.computeIfPresent(
                ticket,
                (_, arrival) ->
                        arrival.hereUntil(nowNanos + pollAfter.plus(LATE).toNanos()));
    }

    private static long hereUntil(long nowNanos) {
        return nowNanos + HERE.toNanos();
    }

    /** Whether the ticket's visitor was told that they may enter. */
    boolean promised(long ticket) {
        Arrival arrival = arrivals.get(ticket);
        return arrival != null && arrival.promised;
    }

    /**
     * Whether a promise fits. Lower tickets that wait for a promise here have theirs first; other processes have as many, in proportion.
     */
    private boolean fits(long ticket, double grants) {
        Others elsewhere = others;
        double share = Math.max(elsewhere.share, LEAST_SHARE);
        int mine = promised.get() + 1;
        int before = Math.max(rank(unpromised, ticket), elsewhere.lowest > 0 && elsewhere.lowest < ticket ? 1 : 0);
        return mine + elsewhere.promisedElsewhere + before / share <= grants
                && mine + before <= Math.max(1, elsewhere.share * grants);
    }

    private static int rank(long[] ascending, long ticket) {
        int found = Arrays.binarySearch(ascending, ticket);
        return found >= 0 ? found : -found - 1;
    }

    /** Takes back the promises of tokens of another bucket. Visitors without a held admit wait for a new promise. */
    void revoke() {
        arrivals.replaceAll((ticket, arrival) ->
                arrival.held ? arrival : new Arrival(arrival.hereUntilNanos, false, arrival.promisedNanos, false));
    }

    /** An admit is held for a token from now on. */
    void hold(long ticket, long nowNanos) {
        Arrival before = arrivals.put(ticket, new Arrival(hereUntil(nowNanos), true, nowNanos, true));
        if (before == null) {
            news.add(ticket);
        }
        if (before == null || !before.counts(nowNanos)) {
            promised.incrementAndGet();
        }
    }

    /** The ticket's admit was answered. With {@code over} it is admitted or gone; otherwise its visitor waits for a new promise. */
    void answered(long ticket, boolean over, long nowNanos) {
        Arrival before = arrivals.get(ticket);
        if (over) {
            arrivals.remove(ticket);
        } else if (before != null) {
            arrivals.put(
                    ticket, new Arrival(before.hereUntilNanos, false, nowNanos, false).hereUntil(hereUntil(nowNanos)));
        }
        if (before != null && before.counts(nowNanos)) {
            promised.decrementAndGet();
        }
    }

    /**
     * Forgets visitors who left, and counts those who are here, for the next tick.
     *
     * @param waits whether a ticket still has a place
     */
    Present present(LongPredicate waits, long nowNanos) {
        int counted = 0;
        LongStream.Builder waiting = LongStream.builder();
        for (var entry : arrivals.entrySet()) {
            long ticket = entry.getKey();
            Arrival arrival = entry.getValue();
            if (!arrival.held && (nowNanos - arrival.hereUntilNanos > 0 || !waits.test(ticket))) {
                arrivals.remove(ticket, arrival);
            } else if (arrival.counts(nowNanos)) {
                counted++;
            } else if (!arrival.promised) {
                waiting.add(ticket);
            }
        }
        promised.set(counted);
        long[] ascending = waiting.build().sorted().toArray();
        unpromised = ascending;
        for (Long ticket = news.poll(); ticket != null; ticket = news.poll()) {
            untold.add(ticket);
        }
        long[] told = untold.stream()
                .limit(RoomScripts.BATCH_TICKETS)
                .mapToLong(Long::longValue)
                .toArray();
        return new Present(counted + ascending.length, counted, ascending.length > 0 ? ascending[0] : 0, told);
    }

    /** A tick took these numbers in, and answered with those of all processes. */
    void told(Present mine, TickReply all) {
        for (long ticket : mine.came()) {
            untold.remove(ticket);
        }
        double share = all.here() > 0 ? (double) mine.here() / all.here() : 1.0 / Math.max(1, all.peers());
        others = new Others(Math.max(0, all.promised() - mine.promised()), share, all.lowestKeptOut());
    }
}
