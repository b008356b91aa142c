package dev.waitingroom.queue.store;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * What a gateway asks and tells of its gateway. Thread-safe; a stage fails with a {@link QueueRedisException} where Redis did not answer
 * in time or refused.
 */
public interface GatewayScripts {
    /** For how long it is known that a room was deleted. */
    Duration DELETED_KNOWN = Duration.ofMinutes(10);

    /** The rooms on the gateway's list, in no order. */
    CompletionStage<List<RoomRegistration>> rooms();

    /** Rooms that were deleted within {@link #DELETED_KNOWN}, the last one of each event. Asked after {@link #rooms}, it knows all that lack there. */
    CompletionStage<List<RoomRegistration>> deleted();

    /** What this pod says of itself; stamped with Redis' clock. See {@link dev.waitingroom.queue.store.PodReport}. */
    record Report(
            String pod,
            String version,
            double requestsPerSecond,
            double cpuShare,
            int heldAdmits,
            Map<String, Long> generations) {
        public Report {
            generations = Map.copyOf(generations);
        }
    }

    /** Answers Redis' clock, µs. */
    CompletionStage<Long> report(Report report);

    /** Tries every command that the scripts call; fails with the ones that are refused, or what else keeps this Redis from being used. */
    CompletionStage<RedisCheck> check();

    /** Takes the pod's report back: it is going. Answers Redis' clock, µs. */
    CompletionStage<Long> withdraw(String pod);
}
