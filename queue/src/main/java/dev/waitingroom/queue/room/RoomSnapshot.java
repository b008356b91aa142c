package dev.waitingroom.queue.room;

import dev.waitingroom.queue.line.Bits;
import dev.waitingroom.queue.line.LineSnapshot;
import dev.waitingroom.queue.policy.Policy;
import dev.waitingroom.queue.policy.TokenBucket;
import dev.waitingroom.queue.store.Header;

/**
 * What polls are answered from: immutable, replaced as a whole.
 *
 * @param line the replica that positions are read from
 * @param header of the snapshot that completed the replica last
 * @param policy as of that snapshot
 * @param limit the policy's bucket
 * @param bucket as of that snapshot, without the tokens that this process has taken since
 * @param present waiting tickets whose visitors polled lately
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

    /** The same after tokens were taken at this time. */
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

    /** Whether Redis lost this number, and a replica or a visitor may put it back. */
    boolean mayBeLost(long ticket) {
        return header.lost().stream().anyMatch(range -> range.contains(ticket));
    }

    /** Tokens in the bucket, the part of the next one included. */
    double exactTokens(long nowMicros) {
        return bucket.exactTokens(limit, nowMicros);
    }
}
