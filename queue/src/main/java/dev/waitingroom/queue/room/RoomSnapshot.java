package dev.waitingroom.queue.room;

import dev.waitingroom.queue.line.Bits;
import dev.waitingroom.queue.line.LineSnapshot;
import dev.waitingroom.queue.policy.Policy;
import dev.waitingroom.queue.policy.TokenBucket;
import dev.waitingroom.queue.store.Header;

/**
 * All that a poll is answered from: immutable, replaced as a whole.
 *
 * @param line the copy that positions are read from
 * @param header of the snapshot that the copy was last completed by
 * @param policy as of that snapshot
 * @param limit the policy's bucket
 * @param bucket as of that snapshot, without the tokens that were taken through this gateway since
 * @param present who waits and polled lately
 * @param lambda departures per waiter-second
 * @param asOfMicros Redis' clock when the line was read, µs
 */
record RoomSnapshot(
        LineSnapshot line,
        Header header,
        Policy policy,
        TokenBucket.Limit limit,
        TokenBucket bucket,
        Bits present,
        double lambda,
        long asOfMicros) {

    RoomSnapshot withLine(LineSnapshot newLine) {
        return new RoomSnapshot(newLine, header, policy, limit, bucket, present, lambda, asOfMicros);
    }

    RoomSnapshot withPresent(Bits newPresent) {
        return new RoomSnapshot(line, header, policy, limit, bucket, newPresent, lambda, asOfMicros);
    }

    /** Tokens were taken at this time. */
    RoomSnapshot withTokensTaken(long tokens, long takenMicros) {
        TokenBucket left = bucket;
        for (long i = 0; i < tokens; i++) {
            left = left.take(limit, takenMicros).orElse(TokenBucket.empty(limit, takenMicros));
        }
        return new RoomSnapshot(line, header, policy, limit, left, present, lambda, asOfMicros);
    }

    boolean recovering(long nowMicros) {
        return header.recoveringUntilMicros() > nowMicros;
    }

    /** Whether Redis cannot speak for this number: it lost it, and copies or holders may put it back. */
    boolean mayBeLost(long ticket) {
        return header.lost().stream().anyMatch(range -> range.contains(ticket));
    }

    /** The part of the next one included. */
    double exactTokens(long nowMicros) {
        return bucket.exactTokens(limit, nowMicros);
    }
}
