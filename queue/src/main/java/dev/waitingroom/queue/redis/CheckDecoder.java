package dev.waitingroom.queue.redis;

import dev.waitingroom.queue.store.QueueRedisException;
import dev.waitingroom.queue.store.RedisCheck;
import dev.waitingroom.queue.store.RedisFault;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the reply of {@code check.lua}. */
final class CheckDecoder {
    private CheckDecoder() {}

    /** @throws QueueRedisException where this Redis cannot be used */
    static RedisCheck decode(List<Object> reply) {
        String history = Bytes.text(reply.get(0));
        String policy = Bytes.text(reply.get(1));
        var failures = new EnumMap<RedisFault, Failure>(RedisFault.class);
        for (int i = 2; i < reply.size(); i += 2) {
            String command = Bytes.text(reply.get(i));
            String error = Bytes.text(reply.get(i + 1));
            // Other errors pass by themselves, as OOM does, or meet the call that they concern.
            if (ErrorReplies.fault(error) != RedisFault.REFUSED) {
                failures.computeIfAbsent(ErrorReplies.fault(error), fault -> new Failure(error))
                        .commands
                        .add(command);
            }
        }
        Optional<Map.Entry<RedisFault, Failure>> first =
                failures.entrySet().stream().findFirst(); // commands
        if (first.isPresent()) {
            Failure failure = first.get().getValue();
            throw new QueueRedisException(
                    first.get().getKey(), failure.text(), new IllegalStateException(failure.error));
        }
        if (history.isEmpty()) {
            throw new QueueRedisException(
                    RedisFault.HISTORY_UNKNOWN,
                    "INFO replication of this Redis tells no master_replid",
                    new IllegalStateException("no master_replid"));
        }
        return new RedisCheck(policy.isEmpty() ? Optional.empty() : Optional.of(policy));
    }

    private record Failure(String error, Set<String> commands) {
        Failure(String error) {
            this(error.strip(), new LinkedHashSet<>());
        }

        String text() {
            return "this Redis refuses " + String.join(", ", commands) + " (" + error + ")";
        }
    }
}
