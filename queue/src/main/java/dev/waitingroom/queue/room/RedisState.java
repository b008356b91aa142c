package dev.waitingroom.queue.room;

import dev.waitingroom.queue.store.RedisFault;
import java.util.Optional;

/**
 * What a gateway found of its Redis at the last check.
 *
 * @param fault why it cannot be used though it answers
 * @param evictionPolicy its {@code maxmemory-policy}, where it tells
 * @param evicting whether that lets it delete keys of a line
 */
public record RedisState(Optional<RedisFault> fault, Optional<String> evictionPolicy, boolean evicting) {
    /** Before the first check. */
    public static final RedisState UNKNOWN = new RedisState(Optional.empty(), Optional.empty(), false);
}
