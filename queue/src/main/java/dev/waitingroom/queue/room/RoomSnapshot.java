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
 * @param active sessions as of that snapshot, and those that this process has begun since
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
        long active,
        long asOfMicros) {

    RoomSnapshot withLine(LineSnapshot newLine) {
        return new RoomSnapshot(newLine, header, policy, limit, bucket, present, lambda, active, asOfMicros);
    }

    RoomSnapshot withPresent(Bits newPresent) {
        return new RoomSnapshot(line, header, policy, limit, bucket, newPresent, lambda, active, asOfMicros);
    }

    /** The same after tokens were taken at this time. */
    RoomSnapshot withTokensTaken(long tokens, long takenMicros) {
        TokenBucket left = bucket;
        for (long i = 0; i < tokens; i++) {
            left = left.take(limit, takenMicros).orElse(TokenBucket.empty(limit, takenMicros));
        }
        return new RoomSnapshot(line, header, policy, limit, left, present, lambda, active + tokens, asOfMicros);
    }

    boolean recovering(long nowMicros) {
        return header.recoveringUntilMicros() > nowMicros;
    }

    /** Whether Redis lost this number, and a replica or a visitor may put it back. */
    boolean mayBeLost(long ticket) {
        return header.lost().stream().anyMatch(range -> range.contains(ticket));
    }

    /** How many more sessions may be active; infinite in a room without a cap. */
    double freePlaces(long nowMicros) {
        return policy.cap()
                .map(cap -> header.sessions().fullUntilMillis() > nowMicros / 1_000
                        ? 0.0
                        : Math.max(0.0, (double) cap.maxActive() - active))
                .orElse(Double.POSITIVE_INFINITY);
    }

    /** Tokens in the bucket, the part of the next one included. */
    double exactTokens(long nowMicros) {
        return bucket.exactTokens(limit, nowMicros);
    }
}
