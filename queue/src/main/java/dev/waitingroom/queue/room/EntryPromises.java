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
 * Those of the called who have come: who polled, or asks to be admitted, and to whom of them it was said that they may enter.
 *
 * <p>It is not known who of the called comes, and when; after a stall all come at once. So {@code ready_for_entry} is said to no more
 * than can be granted while an admit is held, the lowest tickets first. It counts as promised until the admit is answered, or for a
 * second where none comes: whoever does not enter then takes nobody's place, and their promise stays good. What other gateways promised
 * is known as of the last tick; until the next, each promises no more than its share.
 *
 * <p>{@link #mayEnter} and {@link #promised} are for any thread, the rest for the room's loop.
 */
final class EntryPromises {
    /** Who polled within this time is here, whenever they were told to poll next. */
    static final Duration HERE = Duration.ofSeconds(3);

    /** How much later than told a poll may come, from one who is here. */
    static final Duration LATE = Duration.ofSeconds(2);

    /** An admit follows its promise by a round trip. */
    static final Duration PROMISED = Duration.ofSeconds(1);

    /** Keeps what is in proportion to the share finite for a gateway that has nobody here yet. */
    private static final double LEAST_SHARE = 0.01;

    /**
     * One who came.
     *
     * @param hereUntilNanos when they are taken for gone, unless they are heard of
     * @param promised whether it was said that they may enter; since {@code promisedNanos}
     * @param held whether an admit is held for a token
     */
    private record Arrival(long hereUntilNanos, boolean promised, long promisedNanos, boolean held) {
        Arrival hereUntil(long nanos) {
            return new Arrival(Math.max(nanos, hereUntilNanos), promised, promisedNanos, held);
        }

        /** Whether a token is set aside for them. */
        boolean counts(long nowNanos) {
            return held || (promised && nowNanos - promisedNanos < PROMISED.toNanos());
        }
    }

    /**
     * What the last tick said.
     *
     * @param promisedElsewhere by other gateways
     * @param share of all who are here, those who are here through this gateway; 0..1
     * @param lowest of those who wait for a promise, here or elsewhere; 0 for none
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
     * @param grants so many can be granted while an admit is held; may be a fraction
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

    /** A ticket that is here was told to poll again after so long: until then it is here. */
    void expect(long ticket, Duration pollAfter, long nowNanos) {
        arrivals.computeIfPresent(
                ticket,
                (_, arrival) ->
                        arrival.hereUntil(nowNanos + pollAfter.plus(LATE).toNanos()));
    }

    private static long hereUntil(long nowNanos) {
        return nowNanos + HERE.toNanos();
    }

    /** Whether it was said that the ticket's visitor may enter. */
    boolean promised(long ticket) {
        Arrival arrival = arrivals.get(ticket);
        return arrival != null && arrival.promised;
    }

    /** Those with a lower ticket who wait for a promise here have theirs first; as many, in proportion, wait elsewhere. */
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

    /** The bucket that was promised from is gone: whoever is not held for a token waits for another promise. */
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

    /** The ticket's admit was answered: it is admitted or gone, or its visitor waits for another promise. */
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
     * Forgets who went, and counts who is here, for the next tick.
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

    /** A tick took it in. */
    void told(Present mine, TickReply all) {
        for (long ticket : mine.came()) {
            untold.remove(ticket);
        }
        double share = all.here() > 0 ? (double) mine.here() / all.here() : 1.0 / Math.max(1, all.peers());
        others = new Others(Math.max(0, all.promised() - mine.promised()), share, all.lowestKeptOut());
    }
}
