package dev.waitingroom.queue.room;

import dev.waitingroom.queue.store.RedisFault;
import java.util.Optional;

/**
 * The state of Redis at the last check.
 *
 * @param fault why Redis cannot be used although it answers
 * @param evictionPolicy its {@code maxmemory-policy}, if it tells
 * @param evicting whether that policy lets it delete keys of a line
 */
public record RedisState(Optional<RedisFault> fault, Optional<String> evictionPolicy, boolean evicting) {
    /** Before the first check. */
    public static final RedisState UNKNOWN = new RedisState(Optional.empty(), Optional.empty(), false);
}
