package dev.waitingroom.queue.redis;

import dev.waitingroom.queue.store.Reply;
import java.util.List;
import java.util.function.Function;

/** The beginning that the replies of a room's scripts share: status, then time. */
final class Replies {
    private Replies() {}

    static <T> Reply<T> decode(List<Object> reply, Function<List<Object>, T> decoder) {
        int status = ((Long) reply.get(0)).intValue();
        long now = (Long) reply.get(1);
        return switch (status) {
            case ScriptConstants.DONE -> new Reply.Done<>(now, decoder.apply(reply));
            case ScriptConstants.LATE -> new Reply.Late<>(now);
            case ScriptConstants.STALE_EPOCH -> new Reply.StaleEpoch<>(now, (Long) reply.get(2));
            case ScriptConstants.NO_POLICY -> new Reply.NoPolicy<>(now);
            default -> throw new IllegalStateException("line.lua knows no status " + status);
        };
    }
}
