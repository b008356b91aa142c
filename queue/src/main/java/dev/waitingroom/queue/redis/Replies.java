package dev.waitingroom.queue.redis;

import java.util.List;
import java.util.function.Function;

/** The beginning that the replies of a room's scripts share: status, then time. */
final class Replies {
    private static final int DONE = 0;
    private static final int LATE = 1;
    private static final int STALE_EPOCH = 2;
    private static final int NO_POLICY = 3;

    private Replies() {}

    static <T> Reply<T> decode(List<Object> reply, Function<List<Object>, T> decoder) {
        int status = ((Long) reply.get(0)).intValue();
        long now = (Long) reply.get(1);
        return switch (status) {
            case DONE -> new Reply.Done<>(now, decoder.apply(reply));
            case LATE -> new Reply.Late<>(now);
            case STALE_EPOCH -> new Reply.StaleEpoch<>(now, (Long) reply.get(2));
            case NO_POLICY -> new Reply.NoPolicy<>(now);
            default -> throw new IllegalStateException("line.lua knows no status " + status);
        };
    }
}
