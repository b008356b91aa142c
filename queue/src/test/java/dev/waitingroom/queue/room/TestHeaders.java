package dev.waitingroom.queue.room;

import dev.waitingroom.queue.line.TicketRange;
import dev.waitingroom.queue.policy.Policy;
import dev.waitingroom.queue.policy.PolicyCodec;
import dev.waitingroom.queue.policy.TokenBucket;
import dev.waitingroom.queue.store.Header;
import java.util.List;
import java.util.Map;

/** What a snapshot says besides the bits; what a test does not name is that of a quiet line. */
final class TestHeaders {
    private TestHeaders() {}

    /** Redis cannot speak for the numbers from {@code known} up to {@code base}. */
    record Lost(long known, long base, long recoveringUntilMicros) {
        static final Lost NOTHING = new Lost(0, 0, 0);
    }

    static Header of(long epoch, long sequence, long next, long horizon, List<long[]> segments) {
        return of(epoch, sequence, next, horizon, segments, Lost.NOTHING, 1, 0, new TokenBucket(0, 0));
    }

    static Header of(
            long epoch,
            long sequence,
            long next,
            long horizon,
            List<long[]> segments,
            Lost lost,
            double comingShare,
            long due,
            TokenBucket bucket) {
        return new Header(
                epoch,
                sequence,
                Map.of(),
                next,
                horizon,
                bucket.tatMicros(),
                bucket.fraction(),
                0,
                0,
                0,
                0,
                0,
                0,
                1,
                0,
                1,
                lost.recoveringUntilMicros(),
                1,
                (long) (comingShare * 1e6),
                due,
                0,
                "",
                Header.Sessions.NONE,
                segments,
                lost.known() < lost.base() ? List.of(new TicketRange(lost.known(), lost.base())) : List.of());
    }

    /** Of a line in which everyone is called, with a policy, in a generation of beats that has no end. */
    static Header of(long epoch, long next, Policy policy, long generation) {
        return new Header(
                epoch,
                1,
                PolicyCodec.encode(policy),
                next,
                next,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                generation,
                0,
                Long.MAX_VALUE,
                0,
                1,
                1_000_000,
                0,
                0,
                "",
                Header.Sessions.NONE,
                List.of(new long[] {0, 1}),
                List.of());
    }
}
