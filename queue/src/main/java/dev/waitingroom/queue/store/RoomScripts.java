package dev.waitingroom.queue.store;

import dev.waitingroom.queue.line.LineLayout;
import dev.waitingroom.queue.line.TicketRange;
import dev.waitingroom.queue.site.SiteText;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;

/**
 * One room's scripts, typed. Each call is one atomic script on the room's keys, with bounded work; {@code docs/reference/scripts.md}
 * describes each. Thread-safe. A stage fails with a {@link QueueRedisException} if Redis did not answer in time or refused. Such a call
 * may have taken effect, or may do so until its deadline.
 */
public interface RoomScripts extends AdmissionScripts {
    /** The most segments that one call reads or writes. */
    int SLICE_SEGMENTS = 16;

    /** The most tickets or joins that one call may carry. */
    int BATCH_TICKETS = 256;

    /** Bytes of the hash of a visitor key. */
    int VISITOR_HASH_BYTES = 12;

    /**
     * The fence of a call.
     *
     * @param gateway the id of the calling process
     * @param epoch the line's epoch as the caller knows it
     * @param deadlineMicros Redis' clock, µs, after which the call must do nothing
     */
    record Call(String gateway, long epoch, long deadlineMicros) {}

    // --- visitors ---

    /**
     * One join of a batch.
     *
     * @param visitorHash hash of the visitor key, {@link #VISITOR_HASH_BYTES} long, empty for none
     * @param admit whether to admit the visitor too, if nobody is ahead and there is a token, or in mode Pass
     */
    record JoinEntry(Optional<byte[]> visitorHash, boolean admit) {}

    /**
     * @param number the caller's batch number, growing; a number sent again gets the same answers and has no second effect
     * @param highestSeen the highest ticket number that the caller has seen; numbers given out are above it
     */
    record JoinBatch(Call call, long number, long highestSeen, List<JoinEntry> entries) {}

    /** One join's answer, in the order of the batch. */
    sealed interface JoinAnswer {
        /** @param issuedMillis Redis' clock when the ticket was first issued, ms since 1970 */
        record Issued(long ticket, long issuedMillis) implements JoinAnswer {}

        /**
         * The same for a ticket that is admitted, now or before.
         *
         * @param grantedMillis Redis' clock at the (first) grant, ms since 1970
         */
        record Admitted(long ticket, long issuedMillis, long grantedMillis) implements JoinAnswer {}

        record Full(long maxLength) implements JoinAnswer {}

        record Rejected() implements JoinAnswer {}
    }

    CompletionStage<Reply<List<JoinAnswer>>> join(JoinBatch batch);

    /** One admit's answer, in the order of the batch. */
    sealed interface AdmitAnswer {
        /** @param grantedMillis Redis' clock at the (first) grant, ms since 1970 */
        record Granted(long grantedMillis) implements AdmitAnswer {}

        record NotYet() implements AdmitAnswer {}

        record BucketEmpty() implements AdmitAnswer {}

        /** Neither alive nor known as admitted: left, expired, missed, or admitted so long ago that the reservation is over. */
        record Gone() implements AdmitAnswer {}

        /** Departed as far as Redis knows, but from numbers that it lost: {@link #restore} first. */
        record Unknown() implements AdmitAnswer {}
    }

    /** @param nextTokenMicros Redis' clock, µs, when the bucket next holds a token (now or earlier: it holds one) */
    record AdmitReply(List<AdmitAnswer> answers, long nextTokenMicros, boolean recovering) {}

    /**
     * Admits tickets, lowest first. While the line recovers, every ticket that is not known as admitted is NotYet. On hold, every waiting
     * ticket is.
     */
    CompletionStage<Reply<AdmitReply>> admit(Call call, long[] tickets);

    /** Gives up places. Answers, in order, whether the ticket was alive or asleep. Repeatable. */
    CompletionStage<Reply<boolean[]>> leave(Call call, long[] tickets);

    /** The bits of a segment: as many bytes as needed, at most {@link LineLayout#SEGMENT_BYTES}. */
    record SegmentBits(long segment, byte[] bits) {}

    /** Adds the tickets that polled during beat generation {@code generation}. Repeatable. At most {@link #SLICE_SEGMENTS} segments. */
    CompletionStage<Reply<Void>> beat(Call call, long generation, List<SegmentBits> polled);

    // --- the line's own life ---

    /**
     * Called visitors who are here through the caller and need a token soon.
     *
     * @param here visitors who polled lately or ask to be admitted, without those who were told to enter and do not
     * @param promised those of them who were told to enter
     * @param lowestKeptOut the lowest ticket of the others, which lack only a token; 0 for none
     * @param came tickets that came for the first time since they were called, at most {@link #BATCH_TICKETS}; told twice counts once
     */
    record Present(int here, int promised, long lowestKeptOut, long[] came) {
        public static final Present NOBODY = new Present(0, 0, 0, new long[0]);
    }

    /**
     *
     * @param peers gateway processes that ticked within the last seconds, the caller included
     * @param more whether the slice cut work short: tick again at once
     * @param here visitors who are here through all processes
     * @param promised those of them who were told to enter
     * @param lowestKeptOut the lowest ticket of the others; 0 for none
     */
    record TickReply(int peers, boolean more, int here, int promised, long lowestKeptOut) {}

    /** Moves horizon, generations and turns forward. Repeatable at any rate. */
    CompletionStage<Reply<TickReply>> tick(Call call, Present present);

    /**
     * Reads what changed. Serves a caller of any epoch.
     *
     * @param epoch the epoch of the caller's copy, 0 for none
     * @param sequence of the caller's copy, 0 for none
     * @param fromSegment while a full load is under way: the segment to go on from; empty otherwise
     */
    CompletionStage<Reply<SnapshotReply>> snapshot(long epoch, long sequence, OptionalLong fromSegment);

    /** Tickets of these segments that are alive and polled in this beat generation or the last. At most {@link #SLICE_SEGMENTS}. */
    CompletionStage<Reply<List<SegmentBits>>> presence(long[] segments);

    /** The site settings. Both texts are empty if Redis has none. */
    CompletionStage<Reply<SiteText>> site();

    // --- devices ---

    /** How long Redis remembers that a place has moved. */
    Duration DEVICES_KEPT = Duration.ofDays(2);

    /** How many places one call reads. */
    int SLICE_DEVICES = 1_024;

    /**
     * Moves a place to a new device.
     *
     * @param highest the place may be taken from devices up to this number
     * @param known the new device's number is above this
     * @return the number of the new device; 0 if a device above {@code highest} has the place
     */
    CompletionStage<Reply<Long>> move(long ticket, long highest, long known, long deadlineMicros);

    /**
     * Places that moved, in the order of the moves.
     *
     * @param devices the device that each ticket's place is on
     * @param more whether there are further ones
     */
    record MovedPlaces(long[] tickets, long[] devices, boolean more) {}

    /** @param above only places on devices above this number */
    CompletionStage<Reply<MovedPlaces>> devices(long above);

    // --- after a loss ---

    /** Where a ticket stands that a gateway's copy lacks. */
    sealed interface Standing {
        /** It waits, put back now or in the line all the time. */
        record Waits() implements Standing {}

        /** Called, then silent. It counts in no position, and is admitted if it asks before its turn ends. */
        record Asleep() implements Standing {}

        /** The line recovers, and a copy may still know it: ask again. */
        record NotKnown() implements Standing {}

        /** Admitted, with a reservation that is valid; when, ms since 1970. */
        record Granted(long grantedMillis) implements Standing {}

        record Gone() implements Standing {}

        /** Issued by another line, just after this one began an epoch: ask again. */
        record Unknown() implements Standing {}
    }

    /**
     * Tells where tickets stand, in order, and puts those that Redis lost back at their own numbers. Repeatable. A ticket that a newer
     * line issued makes this one begin an epoch. The answer is then {@link Reply.StaleEpoch}, and the next call restores the ticket.
     */
    CompletionStage<Reply<List<Standing>>> restore(Call call, long[] tickets);

    /**
     * A slice of a copy of the line from an earlier epoch.
     *
     * @param next the copy knew every ticket below, except for {@code unknown}
     * @param unknown ranges in which the copy knows only which tickets wait
     * @param segments alive bits of up to {@link #SLICE_SEGMENTS} segments; none for a segment that the copy has as empty
     * @param acknowledged waiting tickets from {@code next} on whose join was answered to the caller
     * @param granted tickets that the copy knows as admitted with a valid reservation, with times (ms)
     * @param departed tickets from {@code next} on, or in {@code unknown}, that left or were admitted
     * @param sessions active sessions that the caller knows: when each runs out (ms), and its ticket
     * @param allSessions whether these, with those of the slices before, are all that were active
     * @param last whether this slice completes the copy
     * @param gateways processes that the caller knew of, itself included. The line has recovered when as many copies are complete, or 5 s
     *     after the loss
     */
    record Merge(
            Call call,
            long next,
            List<TicketRange> unknown,
            long horizon,
            List<SegmentBits> segments,
            long[] acknowledged,
            long[] granted,
            long[] grantedMillis,
            long[] departed,
            long[] sessions,
            boolean allSessions,
            boolean last,
            int gateways) {}

    /** Merges a slice. After the {@code last} one the line knows that a whole copy came in. Repeatable. */
    CompletionStage<Reply<Void>> merge(Merge merge);

    /** How long a call may take before it is given up. */
    Duration CALL_TIMEOUT = Duration.ofMillis(700);
}
