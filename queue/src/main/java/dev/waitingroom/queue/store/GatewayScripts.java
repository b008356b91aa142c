package dev.waitingroom.queue.store;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * What a gateway process asks and tells of its gateway. Thread-safe. A stage fails with a {@link QueueRedisException} if Redis did not
 * answer in time or refused.
 */
public interface GatewayScripts {
    /** For how long it is known that a room was deleted. */
    Duration DELETED_KNOWN = Duration.ofMinutes(10);

    /** The rooms on the gateway's list, in no order. */
    CompletionStage<List<RoomRegistration>> rooms();

    /**
     * Rooms that were deleted within {@link #DELETED_KNOWN}, the last one of each event. Read it after {@link #rooms}: it then knows
     * every room that is missing there.
     */
    CompletionStage<List<RoomRegistration>> deleted();

    /** The report of this pod, stamped with Redis' clock. See {@link PodReport}. */
    record Report(
            String pod,
            String version,
            double requestsPerSecond,
            double cpuShare,
            double streamShare,
            int heldAdmits,
            Map<String, Long> generations) {
        public Report {
            generations = Map.copyOf(generations);
        }
    }

    /** Answers Redis' clock, µs. */
    CompletionStage<Long> report(Report report);

    /** Tries every command that the scripts call. Fails with the refused ones, or with another reason why this Redis cannot be used. */
    CompletionStage<RedisCheck> check();

    /** Takes back the report of a pod that stops. Answers Redis' clock, µs. */
    CompletionStage<Long> withdraw(String pod);
}
