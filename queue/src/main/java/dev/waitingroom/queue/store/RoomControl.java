package dev.waitingroom.queue.store;

import dev.waitingroom.queue.RoomId;
import dev.waitingroom.queue.policy.Policy;
import dev.waitingroom.queue.site.SiteText;
import java.util.Optional;

/** What the operator does to a room in Redis. Blocking, at most one second a call. Thread-safe. */
public interface RoomControl {
    /** The outcome of writing a policy. */
    enum Applied {
        /** The same was there. */
        UNCHANGED,
        /** Policy or site settings were written. Every place and the tokens in the bucket are kept. */
        WRITTEN,
        /** A newer generation is there; nothing was done. */
        NEWER_PRESENT
    }

    /**
     * Writes the policy to Redis, and the site settings with it.
     *
     * @param site empty if the room has none
     * @param newRoom whether the room has never been served: its line then starts with a full bucket. Otherwise, if the line is
     *     not in Redis, it was lost, and is put back from the gateways' copies without a burst.
     * @param knownEpoch the latest epoch that the line is known to have had, 0 for none: a line that is older begins an epoch, since its
     *     data is an older copy
     * @throws RedisUnavailableException if Redis did not answer or refused
     */
    Applied apply(RoomId room, Policy policy, Optional<SiteText> site, boolean newRoom, long knownEpoch)
            throws RedisUnavailableException;

    /** The same without site settings. */
    default Applied apply(RoomId room, Policy policy, boolean newRoom, long knownEpoch)
            throws RedisUnavailableException {
        return apply(room, policy, Optional.empty(), newRoom, knownEpoch);
    }

    /** The same without a known epoch. */
    default Applied apply(RoomId room, Policy policy, boolean newRoom) throws RedisUnavailableException {
        return apply(room, policy, newRoom, 0);
    }

    /** The line's figures. Empty if Redis has no line for the room. */
    Optional<LineFigures> figures(RoomId room) throws RedisUnavailableException;

    /** Removes every key of the room, in bounded slices. Repeatable. */
    void clear(RoomId room) throws RedisUnavailableException;
}
